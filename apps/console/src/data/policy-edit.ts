import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import type { Rule } from '@hypervigil/model';

const inputOf = ({ num: _, ...rule }: Rule): RuleInput => rule;

/** A policy as it is sent back: its fields and rules on the revision that was read, for the platform to refuse lost updates. */
export const policyBody = (policy: DraftPolicy, rules: readonly RuleInput[] = policy.rules.map(inputOf)) => ({
  name: policy.name,
  description: policy.description,
  tier: policy.tier,
  tenantId: policy.tenantId,
  order: policy.order,
  enabled: policy.enabled,
  rules: [...rules],
  revision: policy.revision,
});

/** The rules with one put at a place (`rules.length` appends). */
export function withRule(policy: DraftPolicy, index: number, rule: RuleInput): RuleInput[] {
  const rules = policy.rules.map(inputOf);
  rules[index] = rule;
  return rules;
}
export function withoutRule(policy: DraftPolicy, index: number): RuleInput[] {
  return policy.rules.map(inputOf).toSpliced(index, 1);
}
export function withRuleMoved(policy: DraftPolicy, index: number, by: -1 | 1): RuleInput[] {
  const rules = policy.rules.map(inputOf);
  const moved = rules[index];
  const other = rules[index + by];
  if (moved === undefined || other === undefined) return rules;
  rules[index] = other;
  rules[index + by] = moved;
  return rules;
}
export function withCopy(policy: DraftPolicy, index: number): RuleInput[] {
  const rules = policy.rules.map(inputOf);
  const { id: _, ...copy } = rules[index]!;
  return rules.toSpliced(index + 1, 0, copy);
}

export const newRule = (): RuleInput => ({
  name: '',
  enabled: true,
  action: 'allow',
  from: { groupIds: [], tenantIds: [], cidrs: [] },
  to: { groupIds: [], tenantIds: [], cidrs: [] },
  services: [],
  log: false,
  comment: '',
});
