import { SYNTHETIC_RULES } from '@hypervigil/model';
import { z } from 'zod';
import type { Detection, Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { LeakyBucket, pour } from './leaky-bucket.ts';
import type { Sighting } from './sighting.ts';

/** What is refused of a VM, by why: how many tries at once, and how many a minute for ever, are not told. */
const KINDS = {
  spoofing: { atOnce: 3, perMinute: 3 },
  'cross-tenant': { atOnce: 5, perMinute: 2 },
  'deny-burst': { atOnce: 100, perMinute: 20 },
} as const;
type Kind = keyof typeof KINDS;

const JUDGED = {
  spoofing: { severity: 'high', reason: 'forged' },
  'cross-tenant': { severity: 'high', reason: 'other-tenants' },
  'deny-burst': { severity: 'low', reason: 'none-answered' },
} as const satisfies Record<Kind, Pick<Detection, 'severity' | 'reason'>>;

const Row = z.object({ bucket: LeakyBucket, tries: z.int().min(0), evidence: Evidence });
const RefusedState = z.partialRecord(z.enum(['spoofing', 'cross-tenant', 'deny-burst']), Row);
type RefusedState = z.infer<typeof RefusedState>;

/**
 * What the policy refuses a VM: frames that are not its own (BCP 38, RFC 2827), tries at VMs of another tenant, and anything else
 * so often that somebody should look, at the VM or at the policy. A connection counts once. Holds one row of each: 3 KB at most.
 */
export const refused: Detector<RefusedState> = {
  schema: RefusedState,
  begin: () => ({}),
  observe(state, seen) {
    if (seen.role === 'server' || seen.verdict === 'allow') return [];
    const kind = kindOf(seen);
    const times = timesOf(seen, kind);
    const [atOnce, perMinute] = [times * KINDS[kind].atOnce, times * KINDS[kind].perMinute];
    state[kind] ??= { bucket: { level: 0, atMs: seen.endMs }, tries: 0, evidence: beginEvidence(seen.startMs) };
    const row = state[kind];
    const perSecond = perMinute / 60;
    if (pour(row.bucket, 0, seen.endMs, perSecond) === 0)
      Object.assign(row, { tries: 0, evidence: beginEvidence(seen.startMs) });
    if (!witness(row.evidence, seen)) return [];
    row.tries++;
    const level = pour(row.bucket, 1, seen.endMs, perSecond);
    if (level < atOnce || !speaks(row.evidence)) return [];
    return [
      {
        code: kind,
        side: 'source',
        ...JUDGED[kind],
        about: '',
        expected: { perMinute },
        seen: { tries: row.tries, seconds: secondsOf(row.evidence), peers: row.evidence.peers.length, ip: seen.ip },
        ...shown(row.evidence),
      },
    ];
  },
  advance: () => [],
};

function kindOf({ ruleNum, tenantId, peer }: Sighting): Kind {
  if (ruleNum === SYNTHETIC_RULES['anti-spoof']) return 'spoofing';
  const isForeign = tenantId !== null && peer.tenantId !== null && peer.tenantId !== tenantId;
  return isForeign || ruleNum === SYNTHETIC_RULES['tenant-isolation'] ? 'cross-tenant' : 'deny-burst';
}
