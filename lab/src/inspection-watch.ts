import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayVms } from './gateway-vms.ts';
import type { Lab } from './lab.ts';
import { endProcesses, identify } from './process.ts';
import { runInHostOk, spawnInHost } from './spawn.ts';
import { catchFrames, startInGuest } from './tools.ts';
import { addressOf, type VmSpec } from './vm/spec.ts';
import { guestExec, hostOf } from './vm/vm.ts';
import { waitFor } from './wait.ts';

const FRAMES = join(import.meta.dirname, '../guest/frames.pl');
const SECONDS = 600;
const WAIT = { timeoutMs: 60_000, everyMs: 100 };
/** Twenty numbered datagrams a second, until somebody ends it. */
const SEND = `use Socket; my ($to, $port, $text) = @ARGV;
socket my $s, AF_INET, SOCK_DGRAM, 0; my $at = pack_sockaddr_in($port, inet_aton($to));
for (my $n = 1; ; $n++) { send $s, "$text $n;", 0, $at; select undef, undef, undef, 0.05 }`;

export interface Stream {
  readonly marker: string;
  readonly from: VmSpec;
  readonly to: VmSpec;
  /** UDP. */
  readonly port: number;
}

/** What became of a stream: the numbers of its packets. */
export interface Inspected {
  readonly arrived: ReadonlySet<number>;
  /** Those that came out of a gateway of the receiver's host. */
  readonly passed: ReadonlySet<number>;
}

/**
 * Sends numbered packets from one guest to another while `work` runs, and watches both the receiver and the host's ends of
 * its gateways' vNICs: what arrived and came out of no gateway was not inspected. `arriving` resolves when another packet
 * has arrived.
 */
export async function watchInspection(
  lab: Lab,
  { marker, from, to, port }: Stream,
  work: (arriving: () => Promise<void>) => Promise<void>,
): Promise<Inspected> {
  const host = await hostOf(lab, to.name);
  const ends = new Set(await gatewayEnds(lab, host));
  const numberIn = (frame: Buffer): number => {
    const text = frame.toString('latin1');
    return Number(text.slice(text.indexOf(marker) + marker.length).split(';')[0]);
  };
  const watch = ['perl', FRAMES, 'catch', 'any', String(SECONDS), marker];
  const { pid, logFile } = await spawnInHost(lab, host, watch, { name: `${host}/${marker}` });
  const lines = () => readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
  try {
    await waitFor(`${host} watches its interfaces`, () => lines().includes('catching'), WAIT);
    const caught = await catchFrames(lab, to.name, { marker, seconds: SECONDS }, async (count) => {
      const send = ['perl', '-e', SEND, addressOf(to.ipv4), String(port), marker];
      await startInGuest(lab, from.name, send, '/dev/null');
      await work(async () => {
        const before = await count();
        await waitFor(`packets arrive at ${to.name}`, async () => (await count()) > before, WAIT);
      });
    });
    for (const end of await gatewayEnds(lab, host)) ends.add(end);
    const cameIn = lines().flatMap((line) => {
      const [, at, hex] = /^(\d+) ([0-9a-f]+)$/.exec(line) ?? [];
      return hex !== undefined && ends.has(Number(at)) ? [Buffer.from(hex, 'hex')] : [];
    });
    return { arrived: new Set(caught.map(numberIn)), passed: new Set(cameIn.map(numberIn)) };
  } finally {
    await guestExec(lab, from.name, ['pkill', '-f', marker]);
    const identity = identify(pid);
    if (identity) await endProcesses([identity], 0);
  }
}

/** Indices of the interfaces behind which a host has gateways now. */
async function gatewayEnds(lab: Lab, host: string): Promise<readonly number[]> {
  const taps = (await gatewayVms(lab, [host])).flatMap((gateway) => Object.values(gateway.taps));
  const links = JSON.parse(await runInHostOk(lab, host, ['ip', '-j', 'link'])) as { ifindex: number; ifname: string }[];
  return links.filter(({ ifname }) => taps.includes(ifname)).map(({ ifindex }) => ifindex);
}
