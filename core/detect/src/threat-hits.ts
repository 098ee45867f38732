import { z } from 'zod';
import type { Detection, Detector } from './detector.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import type { Sighting } from './sighting.ts';
import { wordOf } from './word.ts';

const MAX_ROWS = 3;
const HOUR_MS = 3_600_000;

const Row = z.object({
  role: z.enum(['client', 'server']),
  set: z.string().max(64),
  /** The listed address, of what the VM calls; callers of a VM are many. */
  ip: z.string().max(45),
  allowed: z.int().min(0),
  denied: z.int().min(0),
  isAnswered: z.boolean(),
  evidence: Evidence,
});
type Row = z.infer<typeof Row>;
const ThreatHitsState = z.object({ rows: z.array(Row).max(MAX_ROWS) });
type ThreatHitsState = z.infer<typeof ThreatHitsState>;

/**
 * Flows with an address that a threat set lists, allowed or not: indicators of compromise matched where they are cheapest to see
 * (Bianco's "pyramid of pain", 2013: addresses change easily, so the set's age is told with it). What a VM calls is told of each
 * address, for one call is enough to say that something in the VM knows it; who calls a VM is told once for a set, since scanners
 * of the internet try everybody. Holds three of them, of which the oldest gives way: about 2 KB at most.
 */
export const threatHits: Detector<ThreatHitsState> = {
  schema: ThreatHitsState,
  begin: () => ({ rows: [] }),
  observe(state, seen) {
    if (seen.threat === null) return [];
    const row = rowOf(state, seen, wordOf(seen.threat.set));
    const answers = seen.verdict === 'allow' && seen.replyPackets > 0 && (seen.protocol !== 6 || seen.packets > 1);
    const isWorse = answers && !row.isAnswered;
    row.isAnswered ||= answers;
    if (witness(row.evidence, seen)) row[seen.verdict === 'allow' ? 'allowed' : 'denied']++;
    if (!isWorse && !speaks(row.evidence)) return [];
    return [detection(row, seen)];
  },
  advance: () => [],
};

function detection({ role, set, ip, allowed, denied, isAnswered, evidence }: Row, seen: Sighting): Detection {
  const { source, checkedMs } = seen.threat!;
  return {
    code: role === 'client' ? 'threat-called' : 'threat-caller',
    side: role === 'client' ? 'source' : 'target',
    ...severityOf(role, isAnswered),
    about: `${set} ${ip}`,
    expected: {},
    seen: {
      ...{ set, source: wordOf(source ?? ''), ip: seen.peer.ip, port: seen.port, allowed, denied },
      hours: checkedMs === null ? -1 : Math.max(0, Math.floor((seen.endMs - checkedMs) / HOUR_MS)),
      seconds: secondsOf(evidence),
    },
    ...shown(evidence),
  };
}

/** Something in a VM that calls such an address is bad although the policy stops it; that such an address calls is weather. */
function severityOf(role: Row['role'], isAnswered: boolean): Pick<Detection, 'severity' | 'reason'> {
  if (isAnswered) return { severity: role === 'client' ? 'high' : 'medium', reason: 'some-answered' };
  return { severity: role === 'client' ? 'medium' : 'low', reason: 'none-answered' };
}

function rowOf(state: ThreatHitsState, { role, peer, startMs }: Sighting, set: string): Row {
  const ip = role === 'client' ? peer.ip : '';
  const known = state.rows.find((row) => row.role === role && row.set === set && row.ip === ip);
  if (known !== undefined) return known;
  const row = { role, set, ip, allowed: 0, denied: 0, isAnswered: false, evidence: beginEvidence(startMs) };
  // What comes in must not push out what the VM does.
  const least = state.rows.find((one) => one.role === 'server') ?? state.rows[0];
  if (state.rows.length >= MAX_ROWS) state.rows = state.rows.filter((one) => one !== least);
  state.rows.push(row);
  return row;
}
