import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';

const inputOf = ({ num: _, ...rule }: Rule): RuleInput => rule;
export const rulesOf = (policy: DraftPolicy): RuleInput[] => policy.rules.map(inputOf);

/** A policy as it is sent back: its fields and rules on the revision that was read, for the platform to refuse lost updates. */
export const policyBody = (policy: DraftPolicy, rules: readonly RuleInput[] = rulesOf(policy)) => ({
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
  const rules = rulesOf(policy);
  rules[index] = rule;
  return rules;
}
export function withoutRule(policy: DraftPolicy, index: number): RuleInput[] {
  return rulesOf(policy).toSpliced(index, 1);
}
export function withStaged(policy: DraftPolicy, index: number, staged: boolean): RuleInput[] {
  return withRule(policy, index, { ...rulesOf(policy)[index]!, staged });
}
export const allStaged = (policy: DraftPolicy, staged: boolean): RuleInput[] =>
  rulesOf(policy).map((rule) => ({ ...rule, staged }));
/** The rules with one at another place of their order. */
export const withMoved = <T>(rules: readonly T[], from: number, to: number): T[] =>
  rules.toSpliced(from, 1).toSpliced(to, 0, ...rules.slice(from, from + 1));
export function withCopy(policy: DraftPolicy, index: number): RuleInput[] {
  const rules = rulesOf(policy);
  const { id: _, ...copy } = rules[index]!;
  return rules.toSpliced(index + 1, 0, copy);
}

export const newRule = (): RuleInput => ({
  name: '',
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...RULE_DEFAULTS,
});
