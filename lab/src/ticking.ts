import type { Lab } from './lab.ts';
import { type GuestProgram, startInGuest } from './tools.ts';
import { addressOf, type VmSpec } from './vm/spec.ts';
import { guestExec, guestOk } from './vm/vm.ts';
import { waitFor } from './wait.ts';

const RECEIVED = '/run/received';
const WAIT = { timeoutMs: 60_000, everyMs: 200 };

interface Ticking {
  readonly lab: Lab;
  readonly from: VmSpec;
  readonly to: VmSpec;
  readonly port: number;
  /** Lets the connection begin. */
  readonly open: () => Promise<void>;
}

/**
 * Does something while one guest sends another a line ten times a second over one TCP connection. `arriving` says how many
 * lines arrive in three seconds, those that are on their way already left out.
 */
export async function whileTicking<T>(
  { lab, from, to, port, open }: Ticking,
  work: (arriving: () => Promise<number>) => Promise<T>,
): Promise<T> {
  const received = async () => (await guestExec(lab, to.name, ['cat', RECEIVED])).stdout.split('\n').length;
  const isListening = async () => {
    const sockets = await guestOk(lab, to.name, ['cat', '/proc/net/tcp', '/proc/net/tcp6']);
    // The local port, any peer, TCP_LISTEN (proc_net_tcp.txt of the kernel).
    return new RegExp(`:${port.toString(16).padStart(4, '0')} \\S+ 0A `, 'i').test(sockets);
  };
  const programs: GuestProgram[] = [];
  try {
    await guestOk(lab, to.name, ['sh', '-c', `: >${RECEIVED}`]);
    // nc hangs up when its own input ends.
    const listen = ['sh', '-c', 'sleep 120 | nc -l -p "$1"', 'listen', String(port)];
    programs.push(await startInGuest(lab, to.name, listen, RECEIVED));
    await waitFor(`${to.name} listens`, isListening, WAIT);
    await open();
    const talk = 'while :; do echo tick; sleep 0.1; done | nc "$1" "$2"';
    const argv = ['sh', '-c', talk, 'talk', addressOf(to.ipv4), String(port)];
    programs.push(await startInGuest(lab, from.name, argv, '/dev/null'));
    await waitFor('the connection carries data', async () => (await received()) > 5, WAIT);
    return await work(async () => {
      await guestOk(lab, to.name, ['sleep', '1']);
      const before = await received();
      await guestOk(lab, to.name, ['sleep', '3']);
      return (await received()) - before;
    });
  } finally {
    for (const one of programs) await one.end();
  }
}
