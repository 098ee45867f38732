import { converseOften, whileAnswering } from '../src/conversation.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL } from '../src/frames.ts';
import { tcpSegment } from '../src/odd-frames.ts';
import { httpStatus, sendFrames } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';
import { waitFor } from '../src/wait.ts';
import { beginMany } from './flooding.ts';
import { unstopped } from './noticing.ts';

/** What flows alone tell. */

const SSH = 22;
/** More than a deployment signs in at once. */
const GUESSES = 80;

export const bruteForce = unstopped({
  id: 'brute-force',
  title: 'A VM that may sign in to another tries password after password',
  code: 'brute-force',
  by: ({ attacker }) => attacker,
  carryOut: ({ lab, cast: { attacker, victim } }, policy) =>
    whileAnswering(lab, victim.name, SSH, async () => {
      await policy.allow(attacker.name, victim.name, SSH);
      const answered = await converseOften(lab, { from: attacker, to: victim, port: SSH }, GUESSES);
      const evidence = `${answered} of ${GUESSES} guesses were answered`;
      return { isDone: answered > GUESSES / 2, evidence };
    }),
});

export const halfOpenFlood = unstopped({
  id: 'half-open-flood',
  title: 'A VM begins connection after connection with a service that it may call, and goes on with none',
  code: 'flood',
  by: ({ attacker }) => attacker,
  async carryOut({ lab, cast: { attacker, victim, httpPort: port } }, policy) {
    await policy.allow(attacker.name, victim.name, port);
    const call = () => httpStatus(lab, attacker.name, addressOf(victim.ipv4), port);
    const status = await waitFor('an honest call is answered', call, { timeoutMs: 60_000 }).catch(() => undefined);
    await beginMany(lab, { attacker, victim, port });
    const evidence = `${attacker.name} began a thousand connections with ${victim.name} and went on with none`;
    return { isDone: status !== undefined, evidence };
  },
});

/** Addresses of the sweeper's own network, most of which nobody has. */
const SWEPT = Array.from({ length: 40 }, (_, n) => 150 + n);

export const hostSweep = unstopped({
  id: 'host-sweep',
  title: 'A VM looks for machines with a service, address after address',
  code: 'host-sweep',
  by: ({ stranger }) => stranger,
  async carryOut({ lab, cast: { stranger, fellow, webPort } }) {
    await sendFrames(lab, stranger.name, sweep(stranger, fellow), { times: 3, everyS: 0.5 });
    const status = await httpStatus(lab, fellow.name, addressOf(stranger.ipv4), webPort);
    return { isDone: status !== undefined, evidence: `${stranger.name} tried SSH at ${SWEPT.length} addresses` };
  },
});

/** As if a neighbour had told that it has them all: nobody else would answer for addresses that are nobody's. */
function sweep(from: VmSpec, neighbour: VmSpec): Buffer[] {
  const source = addressOf(from.ipv4);
  const block = source.slice(0, source.lastIndexOf('.'));
  return SWEPT.map((last, n) => {
    const ends = { source, target: `${block}.${last}` };
    const syn = tcpSegment({ ...ends, sourcePort: 30_000 + n, targetPort: SSH, flags: ['syn'], data: '' });
    return ethernetFrame({ from: from.mac, to: neighbour.mac }, ETHERTYPE.ipv4, ipv4Packet(ends, PROTOCOL.tcp, syn));
  });
}
