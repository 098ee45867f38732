import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayVms } from './gateway-vms.ts';
import type { Lab } from './lab.ts';
import { endProcesses, identify } from './process.ts';
import { runInHostOk, spawnInHost } from './spawn.ts';
import { catchFrames, type GuestProgram, startInGuest } from './tools.ts';
import { addressOf, type VmSpec } from './vm/spec.ts';
import { hostOf } from './vm/vm.ts';
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

/** What one looks at while a stream goes on. */
interface Watch {
  /** Resolves when another packet has arrived. */
  arriving(): Promise<void>;
  /** The numbers of packets, and of answers that hold them, that came out of a gateway by the host's end of one of its vNICs. */
  cameOut(tap: string): ReadonlySet<number>;
}

/** What became of a stream: the numbers of its packets. */
export interface Inspected {
  readonly arrived: ReadonlySet<number>;
  /** Those that came out of a gateway of the receiver's host. */
  readonly passed: ReadonlySet<number>;
  readonly cameOut: Watch['cameOut'];
}

/**
 * Sends numbered packets from one guest to another while `work` runs, and watches both the receiver and the host's ends of
 * its gateways' vNICs: what arrived and came out of no gateway was not inspected.
 */
export async function watchInspection(
  lab: Lab,
  { marker, from, to, port }: Stream,
  work: (watch: Watch) => Promise<void>,
): Promise<Inspected> {
  const host = await hostOf(lab, to.name);
  const ends = await gatewayEnds(lab, host);
  const numberIn = (frame: Buffer): number => {
    const text = frame.toString('latin1');
    return Number(text.slice(text.indexOf(marker) + marker.length).split(';')[0]);
  };
  const watch = ['perl', FRAMES, 'catch', 'any', String(SECONDS), marker];
  const { pid, logFile } = await spawnInHost(lab, host, watch, { name: `${host}/${marker}` });
  const lines = () => readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
  /** What came out of gateways, by whichever end satisfies. */
  const cameBy = (isEnd: (tap: string) => boolean): ReadonlySet<number> => {
    const numbers = lines().flatMap((line) => {
      const [, at, hex] = /^(\d+) ([0-9a-f]+)$/.exec(line) ?? [];
      const tap = ends.get(Number(at));
      return hex !== undefined && tap !== undefined && isEnd(tap) ? [numberIn(Buffer.from(hex, 'hex'))] : [];
    });
    return new Set(numbers);
  };
  const cameOut = (wanted: string) => cameBy((tap) => tap === wanted);
  let sending: GuestProgram | undefined;
  try {
    await waitFor(`${host} watches its interfaces`, () => lines().includes('catching'), WAIT);
    const caught = await catchFrames(lab, to.name, { marker, seconds: SECONDS }, async (count) => {
      const send = ['perl', '-e', SEND, addressOf(to.ipv4), String(port), marker];
      sending = await startInGuest(lab, from.name, send, '/dev/null');
      const arriving = async () => {
        const before = await count();
        await waitFor(`packets arrive at ${to.name}`, async () => (await count()) > before, WAIT);
      };
      await work({ arriving, cameOut });
    });
    for (const [index, tap] of await gatewayEnds(lab, host)) ends.set(index, tap);
    return { arrived: new Set(caught.map(numberIn)), passed: cameBy(() => true), cameOut };
  } finally {
    await sending?.end();
    const identity = identify(pid);
    if (identity) await endProcesses([identity], 0);
  }
}

/** The interfaces behind which a host has gateways now: name by index. */
async function gatewayEnds(lab: Lab, host: string): Promise<Map<number, string>> {
  const taps = (await gatewayVms(lab, [host])).flatMap((gateway) => Object.values(gateway.taps));
  const links = JSON.parse(await runInHostOk(lab, host, ['ip', '-j', 'link'])) as { ifindex: number; ifname: string }[];
  return new Map(links.filter(({ ifname }) => taps.includes(ifname)).map(({ ifindex, ifname }) => [ifindex, ifname]));
}
