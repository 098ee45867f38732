import type { AlertPeer } from '@hypervigil/model';
import { z } from 'zod';
import { beginContacts, Contacts, meet } from './contacts.ts';
import type { Detection, Detector } from './detector.ts';
import { type Effort, timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { LeakyBucket, pour } from './leaky-bucket.ts';
import { type PartedName, partName } from './registered-domain.ts';
import { wordOf } from './word.ts';

/** A name that a VM asked for, as a gateway saw it. */
export interface SeenName {
  readonly vmId: string;
  readonly name: string;
  readonly atMs: number;
  /** That was asked. */
  readonly peer: AlertPeer;
  /** What detectors ask for of the VM; absent: the usual. */
  readonly effort?: Effort;
}

/** Bytes of one domain that are not told: so many at once, and so many a day for ever. */
const ALLOWED = { atOnce: 2048, perDay: 4096 } as const;
/** Labels that people write are shorter, and so are those of load balancers, video and mail. */
const MIN_LABEL = 20;
const DAY_SECONDS = 86_400;
const MAX_ROWS = 3;
const MAX_EXAMPLES = 2;

const Row = z.object({
  domain: z.string().max(64),
  bucket: LeakyBucket,
  names: z.int().min(0),
  bytes: z.number().min(0),
  examples: z.array(z.string().max(64)).max(MAX_EXAMPLES),
  evidence: Evidence,
});
type Row = z.infer<typeof Row>;
const DnsTunnelState = z.object({ met: Contacts, rows: z.array(Row).max(MAX_ROWS) });
type DnsTunnelState = z.infer<typeof DnsTunnelState>;

/**
 * Data that leaves in the names that are asked for. Counted is what names below one domain can carry: of each new one, its long
 * labels by their entropy (Shannon), after Paxson et al., "Practical comprehensive bounds on surreptitious communication over
 * DNS" (USENIX Security 2013), whose bound of 4 kB a day and domain hardly any domain but tunnels exceeds. What is asked again carries nothing
 * new. The two last names are told, whole: what somebody looked up lies open in the log of names, too. Holds three domains, of which
 * the one that carried least gives way: about 2 KB at most.
 *
 * Lookups that ask a service about hashes (anti-virus, reputation) are such tunnels, by design.
 */
export const dnsTunnel: Detector<DnsTunnelState, SeenName> = {
  schema: DnsTunnelState,
  begin: () => ({ met: beginContacts(16), rows: [] }),
  observe(state, seen) {
    const parted = partName(seen.name);
    const carried = parted === undefined ? 0 : bytesIn(parted);
    if (parted === undefined || carried === 0 || !meet(state.met, seen.name.toLowerCase())) return [];
    const row = rowOf(state, parted.domain, seen.atMs);
    const times = timesOf(seen, 'dns-tunnel');
    const perSecond = (times * ALLOWED.perDay) / DAY_SECONDS;
    if (pour(row.bucket, 0, seen.atMs, perSecond) === 0)
      Object.assign(row, { names: 0, bytes: 0, evidence: beginEvidence(seen.atMs) });
    row.names++;
    row.bytes += carried;
    row.examples = [...row.examples, wordOf(seen.name)].slice(-MAX_EXAMPLES);
    witness(row.evidence, { key: '', peer: seen.peer, startMs: seen.atMs, endMs: seen.atMs });
    const level = pour(row.bucket, carried, seen.atMs, perSecond);
    return level < times * ALLOWED.atOnce || !speaks(row.evidence) ? [] : [detection(row, times)];
  },
  advance: () => [],
};

function detection({ domain, names, bytes, examples, evidence }: Row, times: number): Detection {
  const [first = '', last = first] = examples;
  return {
    code: 'dns-tunnel',
    side: 'source',
    severity: 'high',
    reason: 'looked-into',
    about: domain,
    expected: { bytes: times * ALLOWED.perDay },
    seen: { domain, names, bytes: Math.round(bytes), first, last, seconds: secondsOf(evidence) },
    ...shown(evidence),
    flowKeys: [],
  };
}

/** What the long labels can carry, in bytes. */
const bytesIn = ({ before }: PartedName): number =>
  before
    .filter(({ length }) => length >= MIN_LABEL)
    .reduce((sum, label) => sum + (label.length * entropy(label)) / 8, 0);

/** Bits of each letter. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}

function rowOf(state: DnsTunnelState, name: string, atMs: number): Row {
  const domain = wordOf(name.slice(-64));
  const known = state.rows.find((row) => row.domain === domain);
  if (known !== undefined) return known;
  const row: Row = {
    ...{ domain, names: 0, bytes: 0, examples: [] },
    ...{ bucket: { level: 0, atMs }, evidence: beginEvidence(atMs) },
  };
  const least =
    state.rows.length < MAX_ROWS ? undefined : state.rows.reduce((a, b) => (b.bucket.level < a.bucket.level ? b : a));
  state.rows = [...state.rows.filter((one) => one !== least), row];
  return row;
}
