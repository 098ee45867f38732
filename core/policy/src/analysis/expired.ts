import type { CloudState } from '../cloud.ts';
import { isExpired } from '../in-force.ts';
import { comparePolicies } from '../order.ts';
import type { Finding } from './finding.ts';

/** Rules that would be in force if their time were not over. */
export function expiredRules({ policies }: CloudState, at: Date): Finding[] {
  return policies
    .filter(({ enabled }) => enabled)
    .sort(comparePolicies)
    .flatMap(({ rules }) => rules.filter((rule) => rule.enabled && isExpired(rule, at)))
    .map(({ id }) => ({ code: 'expired', reason: 'time-over', ruleId: id, otherIds: [], witness: null }));
}
