import type { GeneratedAttack } from './attacks.ts';
import { DAYS, HOUR_MS, MINUTE_MS } from './days.ts';
import type { Random } from './random.ts';
import { outside, type Scene, somewhere, VMS } from './traffic.ts';
import { WEEKS } from './weeks.ts';

/** What attackers do who have time; before each, the VM is watched for a while doing something else. */
interface SlowAttack extends GeneratedAttack {
  readonly beginMs: number;
  readonly durationMs: number;
  /** What the VM does otherwise. */
  readonly background: readonly Scene[];
}

const letters = (random: Random, from: string, count: number) =>
  Array.from({ length: count }, () => from[random.int(0, from.length - 1)]!).join('');

const BEACON_MS = 20 * MINUTE_MS;
const PATH_MS = 25 * HOUR_MS;
const UPLOAD_MS = 62 * HOUR_MS;
const UPLOAD_AT_NIGHT_MS = 76 * HOUR_MS;
const SCAN_MS = HOUR_MS;
const FORTNIGHT_MS = 14 * 24 * HOUR_MS;
/** A week, and eleven hours. */
const NOON_MS = (7 * 24 + 11) * HOUR_MS;

const upload =
  (beginMs: number): Scene =>
  (recorder, random) => {
    const to = outside(`203.0.113.${random.int(1, 254)}`);
    const bytes = random.int(2_000, 10_000) * 1_000_000;
    const pieces = random.int(10, 100);
    for (let i = 0; i < pieces; i++)
      recorder.add({
        ...{ atMs: beginMs + i * 30_000, to, port: 443, ms: 20_000, packets: 20_000, replyPackets: 10_000 },
        ...{ bytes: Math.floor(bytes / pieces), replyBytes: 600_000 },
      });
  };

export const SLOW_ATTACKS = {
  'reports with jitter': {
    code: 'beacon',
    beginMs: BEACON_MS,
    durationMs: BEACON_MS + 40 * 5 * MINUTE_MS,
    background: [DAYS.errands, DAYS.interfaces],
    scene(recorder, random, durationMs) {
      const to = outside(`203.0.113.${random.int(1, 254)}`);
      const periodMs = random.int(5_000, 240_000);
      const jitter = random.next() * 0.5;
      const bytes = random.int(300, 3_000);
      for (let atMs = BEACON_MS; atMs < durationMs; ) {
        const size = Math.round(bytes * (0.95 + 0.1 * random.next()));
        recorder.add({ atMs, to, port: random.pick([443, 443, 443]), bytes: size, replyBytes: 400 });
        atMs += Math.round(periodMs * (1 + jitter * (2 * random.next() - 1)));
      }
    },
  },
  'upload to a new place': {
    code: 'exfiltration',
    beginMs: UPLOAD_MS,
    durationMs: UPLOAD_MS + 2 * HOUR_MS,
    background: [DAYS.errands, DAYS.nightlyCopy],
    scene: upload(UPLOAD_MS),
  },
  'upload at a quiet hour': {
    code: 'exfiltration',
    beginMs: UPLOAD_AT_NIGHT_MS,
    durationMs: UPLOAD_AT_NIGHT_MS + 2 * HOUR_MS,
    background: [DAYS.errands, DAYS.office],
    scene: upload(UPLOAD_AT_NIGHT_MS),
  },
  'data in names': {
    code: 'dns-tunnel',
    beginMs: MINUTE_MS,
    durationMs: 20 * MINUTE_MS,
    background: [DAYS.errands, DAYS.people],
    scene(recorder, random, durationMs) {
      const alphabet = random.pick(['0123456789abcdef', 'abcdefghijklmnopqrstuvwxyz234567']);
      const pauseMs = random.int(200, 6_000);
      const length = random.int(30, 63);
      for (let atMs = MINUTE_MS; atMs < durationMs; atMs += random.exponential(pauseMs))
        recorder.ask(atMs, `${letters(random, alphabet, length)}.${letters(random, alphabet, length)}.t.evil.example`);
    },
  },
  'from VM to VM': {
    code: 'lateral-movement',
    beginMs: PATH_MS,
    durationMs: PATH_MS + 15 * MINUTE_MS,
    background: [DAYS.errands],
    scene(recorder, random) {
      const talk = { ms: 60_000, packets: 200, replyPackets: 180 };
      const port = random.pick([22, 3389, 5985]);
      recorder.add({ atMs: PATH_MS - 2 * MINUTE_MS, from: VMS.peer, to: VMS.own, port, ...talk });
      const next = outside(`10.1.0.${random.int(20, 200)}`);
      recorder.add({ atMs: PATH_MS + random.int(0, 10 * MINUTE_MS), to: next, port: random.pick([22, 445]), ...talk });
    },
  },
  'much is fetched from it': {
    code: 'unusual-volume',
    beginMs: NOON_MS,
    durationMs: NOON_MS + HOUR_MS,
    background: [DAYS.errands, WEEKS.shop],
    scene(recorder, random) {
      const from = outside(`203.0.113.${random.int(1, 254)}`);
      const pieces = random.int(20, 60);
      for (let i = 0; i < pieces; i++)
        recorder.add({
          ...{ atMs: NOON_MS + i * 25_000, from, to: VMS.own, port: 443, ms: 20_000, packets: 90_000 },
          ...{ bytes: 6_000_000, replyPackets: 500_000, replyBytes: random.int(700, 1_500) * 1_000_000 },
        });
    },
  },
  'mail to many': {
    code: 'unusual-fan-out',
    beginMs: NOON_MS,
    durationMs: NOON_MS + HOUR_MS,
    background: [DAYS.errands, WEEKS.crawl],
    scene(recorder, random) {
      const machines = random.int(150, 600);
      for (let i = 0; i < machines; i++)
        recorder.add({
          ...{ atMs: NOON_MS + i * random.int(1_000, 4_000), to: somewhere(random), port: 25, ms: 900 },
          ...{ bytes: random.int(3_000, 20_000), replyBytes: 700 },
        });
    },
  },
  'calls where it never called': {
    code: 'first-seen',
    beginMs: FORTNIGHT_MS,
    durationMs: FORTNIGHT_MS + HOUR_MS,
    background: [DAYS.errands],
    scene(recorder, random) {
      const to = outside(`203.0.113.${random.int(1, 254)}`);
      recorder.add({ atMs: FORTNIGHT_MS + random.int(0, 10 * MINUTE_MS), to, port: random.pick([443, 8443, 22]) });
    },
  },
  'ports, over a day': {
    code: 'port-scan',
    beginMs: SCAN_MS,
    durationMs: 40 * HOUR_MS,
    background: [DAYS.errands, DAYS.interfaces],
    scene(recorder, random, durationMs) {
      const pauseMs = random.int(35, 150) * MINUTE_MS;
      for (let atMs = SCAN_MS; atMs < durationMs; atMs += Math.round(pauseMs * (0.7 + 0.6 * random.next())))
        recorder.add({ atMs, to: VMS.peer, port: random.int(1, 10_000), packets: 2, replyPackets: 0 });
    },
  },
} as const satisfies Record<string, SlowAttack>;
