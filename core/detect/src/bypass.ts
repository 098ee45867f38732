import { z } from 'zod';
import type { Detector } from './detector.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';

/** What a switch still tells after its host has taken a policy is over by then. */
const MIN_SECONDS = 20;

const Row = z.object({ ruleNum: z.int(), revision: z.int(), flows: z.int().min(0), evidence: Evidence });
const BypassState = z.object({ row: Row.nullable() });
type BypassState = z.infer<typeof BypassState>;

/**
 * A flow that passed by a rule that the policy has not, on a host that says it enforces that policy: somebody changed the switch, or
 * the host's word is not to be relied on (MITRE ATT&CK T1562.007, "Disable or Modify Cloud Firewall"). Once is a matter of time,
 * since what the switch tells comes after it; twenty seconds under one revision are not. Holds one rule: about 1 KB at most.
 */
export const bypass: Detector<BypassState> = {
  schema: BypassState,
  begin: () => ({ row: null }),
  observe(state, seen) {
    if (!seen.isUnruled) return [];
    const { ruleNum, revision } = seen;
    if (state.row?.ruleNum !== ruleNum || state.row.revision !== revision)
      state.row = { ruleNum, revision, flows: 0, evidence: beginEvidence(seen.endMs) };
    const { row } = state;
    // A connection may have begun under another revision.
    if (witness(row.evidence, { ...seen, startMs: row.evidence.sinceMs })) row.flows++;
    const seconds = secondsOf(row.evidence);
    if (seconds < MIN_SECONDS || !speaks(row.evidence)) return [];
    return [
      {
        code: 'policy-bypass',
        side: seen.role === 'client' ? 'source' : 'target',
        severity: 'critical',
        reason: 'no-rule',
        about: `${ruleNum}`,
        expected: { revision },
        seen: { flows: row.flows, rule: ruleNum, revision, port: seen.port, seconds },
        ...shown(row.evidence),
      },
    ];
  },
  advance: () => [],
};
