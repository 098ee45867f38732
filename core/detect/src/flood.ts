import { z } from 'zod';
import type { Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { LeakyBucket, pour } from './leaky-bucket.ts';
import type { Sighting } from './sighting.ts';

/** What of each protocol a flood is made of: how much at once, and how much a second for ever, is not one. */
const KINDS = {
  /** Connections that are begun and not gone on with. */
  tcp: { atOnce: 300, perSecond: 50 },
  /** Packets in one direction that hardly anybody answers. */
  udp: { atOnce: 12_000, perSecond: 2_000 },
  /** Packets. */
  icmp: { atOnce: 300, perSecond: 50 },
} as const;
type Kind = keyof typeof KINDS;
const KIND_OF: Readonly<Record<number, Kind>> = { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmp' };
const MAX_ROWS = 2;

const Row = z.object({
  role: z.enum(['client', 'server']),
  kind: z.enum(['tcp', 'udp', 'icmp']),
  /** The peer's address, of what goes out; of what comes in senders are forged. */
  ip: z.string().max(45),
  port: z.int(),
  bucket: LeakyBucket,
  total: z.number(),
  evidence: Evidence,
});
type Row = z.infer<typeof Row>;
const FloodState = z.object({ rows: z.array(Row).max(MAX_ROWS) });
type FloodState = z.infer<typeof FloodState>;

/**
 * More than is meant to be answered, out of a VM at one service or into one of its services: half-open TCP connections
 * (RFC 4987), one-sided UDP (Gil and Poletto, "MULTOPS", USENIX Security 2001: packet rates that are not in proportion), ICMP.
 * Holds two services, of which the less busy gives way: about 3 KB at most.
 */
export const flood: Detector<FloodState> = {
  schema: FloodState,
  begin: () => ({ rows: [] }),
  observe(state, seen) {
    const kind = KIND_OF[seen.protocol];
    const amount = kind === undefined ? 0 : amountOf(kind, seen);
    if (kind === undefined || amount === 0) return [];
    const row = rowOf(state, kind, seen);
    const times = timesOf(seen, 'flood');
    const [atOnce, perSecond] = [times * KINDS[kind].atOnce, times * KINDS[kind].perSecond];
    if (pour(row.bucket, 0, seen.endMs, perSecond) === 0)
      Object.assign(row, { total: 0, evidence: beginEvidence(seen.endMs) });
    // A connection may be older than what is counted here.
    witness(row.evidence, { ...seen, startMs: row.evidence.sinceMs });
    row.total += amount;
    const level = pour(row.bucket, amount, seen.endMs, perSecond);
    if (level < atOnce || !speaks(row.evidence)) return [];
    const seconds = secondsOf(row.evidence);
    const { port, role } = seen;
    return [
      {
        code: 'flood',
        side: role === 'client' ? 'source' : 'target',
        severity: 'high',
        reason: role === 'server' && seen.peer.vmId === null ? 'from-outside' : 'overload',
        about: `${kind} ${row.ip} ${port}`,
        expected: { perSecond },
        seen: { kind, port, total: row.total, perSecond: Math.round(row.total / seconds), seconds },
        ...shown(row.evidence),
      },
    ];
  },
  advance: () => [],
};

function amountOf(kind: Kind, { packets, replyPackets }: Sighting): number {
  if (kind === 'icmp') return packets;
  if (kind === 'udp') return replyPackets * 20 < packets ? packets - replyPackets : 0;
  return packets <= 3 && (replyPackets === 0 || packets === 1) ? 1 : 0;
}

function rowOf(state: FloodState, kind: Kind, { role, peer, port, endMs }: Sighting): Row {
  const ip = role === 'client' ? peer.ip : '';
  const known = state.rows.find((row) => row.kind === kind && row.role === role && row.ip === ip && row.port === port);
  if (known !== undefined) return known;
  const bucket = { level: 0, atMs: endMs };
  const row: Row = { role, kind, ip, port, bucket, total: 0, evidence: beginEvidence(endMs) };
  if (state.rows.length >= MAX_ROWS) {
    const least = state.rows.reduce((a, b) => (fullness(b) < fullness(a) ? b : a));
    state.rows = state.rows.filter((one) => one !== least);
  }
  state.rows.push(row);
  return row;
}

const fullness = ({ kind, bucket }: Row): number => bucket.level / KINDS[kind].atOnce;
