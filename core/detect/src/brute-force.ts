import { z } from 'zod';
import type { Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { LeakyBucket, pour } from './leaky-bucket.ts';
import type { Sighting } from './sighting.ts';

/**
 * Services where a person or a script signs in now and then. Databases and directories are not among them: programs without a
 * pool of connections sign in to those hundreds of times a second.
 */
const SIGN_IN_PORTS: ReadonlySet<number> = new Set([
  21, 22, 23, 110, 143, 445, 587, 993, 995, 2222, 3389, 5900, 5901, 5985, 5986,
]);
/** An attempt exchanges at least so many packets each way: less is somebody who looks whether the port is open. */
const MIN_PACKETS = 5;
const [MAX_BYTES, MAX_MS] = [32_768, 20_000];
/** So many at once, and so many a minute for ever, is what deployments and CI runners do. */
const [ALLOWED, PER_MINUTE] = [35, 20];
const MAX_ROWS = 3;
const MAX_OPEN = 8;

const Row = z.object({
  role: z.enum(['client', 'server']),
  ip: z.string().max(45),
  port: z.int(),
  bucket: LeakyBucket,
  attempts: z.int().min(0),
  evidence: Evidence,
});
const Open = z.object({ key: z.string().max(64), packets: z.number(), replyPackets: z.number(), counted: z.boolean() });
const BruteForceState = z.object({ rows: z.array(Row).max(MAX_ROWS), open: z.array(Open).max(MAX_OPEN) });
type BruteForceState = z.infer<typeof BruteForceState>;

/**
 * Password after password: many short connections with a conversation, from one client to one service where people sign in.
 * After Hellemans et al., "SSHCure: a flow-based SSH intrusion detection system" (AIMS 2012), whose brute-force phase are flows of
 * 11 to 51 packets at a rate. Holds three pairs, of which the least busy gives way: about 4 KB at most.
 */
export const bruteForce: Detector<BruteForceState> = {
  schema: BruteForceState,
  begin: () => ({ rows: [], open: [] }),
  observe(state, seen) {
    if (seen.protocol !== 6 || seen.verdict === 'deny' || !SIGN_IN_PORTS.has(seen.port)) return [];
    if (!isAttempt(state, seen)) return [];
    const row = rowOf(state, seen);
    const times = timesOf(seen, 'brute-force');
    const perSecond = (times * PER_MINUTE) / 60;
    if (pour(row.bucket, 0, seen.endMs, perSecond) === 0)
      Object.assign(row, { attempts: 0, evidence: beginEvidence(seen.startMs) });
    witness(row.evidence, seen);
    row.attempts++;
    const level = pour(row.bucket, 1, seen.endMs, perSecond);
    if (level < times * ALLOWED || !speaks(row.evidence)) return [];
    const isOutside = seen.peer.vmId === null && seen.role === 'server';
    return [
      {
        code: 'brute-force',
        side: seen.role === 'client' ? 'source' : 'target',
        severity: 'high',
        reason: isOutside ? 'from-outside' : 'some-answered',
        about: `${seen.peer.ip} ${seen.port}`,
        expected: { perMinute: times * PER_MINUTE },
        seen: { attempts: row.attempts, port: seen.port, seconds: secondsOf(row.evidence) },
        ...shown(row.evidence),
      },
    ];
  },
  advance: () => [],
};

/** Whether this record makes a connection an attempt; of one connection, only one does. */
function isAttempt(
  state: BruteForceState,
  { key, packets, replyPackets, bytes, replyBytes, startMs, endMs }: Sighting,
) {
  const known = state.open.find((one) => one.key === key);
  const one = known ?? { key, packets: 0, replyPackets: 0, counted: false };
  if (known === undefined) state.open = [...state.open, one].slice(-MAX_OPEN);
  one.packets += packets;
  one.replyPackets += replyPackets;
  const isShort = endMs - startMs <= MAX_MS && bytes + replyBytes <= MAX_BYTES;
  if (one.counted || !isShort || Math.min(one.packets, one.replyPackets) < MIN_PACKETS) return false;
  one.counted = true;
  return true;
}

function rowOf(state: BruteForceState, { role, peer, port, startMs }: Sighting): BruteForceState['rows'][number] {
  const known = state.rows.find((row) => row.role === role && row.ip === peer.ip && row.port === port);
  if (known !== undefined) return known;
  const row = {
    ...{ role, ip: peer.ip, port, attempts: 0 },
    bucket: { level: 0, atMs: startMs },
    evidence: beginEvidence(startMs),
  };
  if (state.rows.length >= MAX_ROWS) {
    const least = state.rows.reduce((a, b) => (b.bucket.level < a.bucket.level ? b : a));
    state.rows = state.rows.filter((one) => one !== least);
  }
  state.rows.push(row);
  return row;
}
