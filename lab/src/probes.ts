import type { Lab } from './lab.ts';
import { type GuestProgram, startInGuest } from './tools.ts';
import { guestExec, guestOk } from './vm/vm.ts';
import { waitFor } from './wait.ts';

/** Whether packets pass between guests, asked and answered over sockets as their programs have them. */

/** What one guest asks another over a new connection. */
export interface Question {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Without prefix length. */
  readonly to: string;
  /** 0 for ICMP. */
  readonly port: number;
  /** How long to wait for the answer; questions are repeated meanwhile. */
  readonly seconds: number;
}

/** `open`: answered, so packets pass both ways; `refused`: by a TCP reset. */
export type Outcome = 'open' | 'refused' | 'silent';

const OUTPUT = '/run/probes';

/** Has a guest answer at these ports until that is ended; where it serves already, that is what answers. */
export async function startAnswering(
  lab: Lab,
  vm: string,
  { tcp, udp }: { readonly tcp: readonly number[]; readonly udp: readonly number[] },
): Promise<GuestProgram> {
  await guestOk(lab, vm, ['rm', '-f', OUTPUT]);
  const serving = ['perl', '/lab/probes.pl', 'serve', tcp.join(','), udp.join(',')];
  const answering = await startInGuest(lab, vm, serving, OUTPUT);
  const isServing = async () => (await guestExec(lab, vm, ['cat', OUTPUT])).stdout === 'serving\n';
  await waitFor(`${vm} answers`, isServing, { timeoutMs: 60_000, everyMs: 100 });
  return answering;
}

/** Asks all of them at the same time; the outcomes are in their order. */
export async function ask(lab: Lab, vm: string, questions: readonly Question[]): Promise<Outcome[]> {
  if (questions.length === 0) return [];
  const input = questions.map(({ protocol, to, port, seconds }) => `${protocol} ${to} ${port} ${seconds}\n`).join('');
  const timeoutS = Math.max(...questions.map(({ seconds }) => seconds)) + 120;
  const output = await guestOk(lab, vm, ['perl', '/lab/probes.pl', 'ask'], { input, timeoutS });
  return output.trimEnd().split('\n') as Outcome[];
}
