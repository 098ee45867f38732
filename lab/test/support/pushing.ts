import type { Lab } from '../../src/index.ts';
import { type GuestProgram, startInGuest } from '../../src/tools.ts';
import { addressOf, type VmSpec } from '../../src/vm/spec.ts';
import { guestExec } from '../../src/vm/vm.ts';
import { waitFor } from '../../src/wait.ts';
import { WAIT } from './witness.ts';

interface Pushing {
  readonly from: VmSpec;
  readonly to: VmSpec;
  readonly port: number;
}

/**
 * Does something while a server sends lines over one TCP connection to a client that sends none: whoever sees the
 * connection for the first time in its midst may see an answer first. `more` resolves when more lines have arrived.
 */
export async function whilePushing(
  lab: Lab,
  { from, to, port }: Pushing,
  work: (more: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const file = '/run/pushed';
  const lines = async () => (await guestExec(lab, to.name, ['cat', file])).stdout.split('\n').length;
  const more = async () => {
    const before = await lines();
    await waitFor(`lines from ${from.name}`, async () => (await lines()) > before + 20, WAIT);
  };
  const programs: GuestProgram[] = [];
  try {
    const push = 'while :; do echo line; sleep 0.1; done | nc -l -p "$1"';
    programs.push(await startInGuest(lab, from.name, ['sh', '-c', push, 'push', String(port)], '/dev/null'));
    // nc hangs up when its own input ends; who listens may come later than who calls.
    const take = 'until sleep 3600 | nc "$1" "$2"; do sleep 0.2; done';
    const taking = ['sh', '-c', take, 'take', addressOf(from.ipv4), String(port)];
    programs.push(await startInGuest(lab, to.name, taking, file));
    await more();
    await work(more);
  } finally {
    for (const one of programs) await one.end();
  }
}
