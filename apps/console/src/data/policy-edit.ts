import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';

const inputOf = ({ num: _, ...rule }: Rule): RuleInput => rule;
const rulesOf = (policy: DraftPolicy): RuleInput[] => policy.rules.map(inputOf);

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
export const withoutRule = (policy: DraftPolicy, id: string): RuleInput[] =>
  rulesOf(policy).filter((rule) => rule.id !== id);
export const withPatch = (policy: DraftPolicy, id: string, patch: Partial<RuleInput>): RuleInput[] =>
  rulesOf(policy).map((rule) => (rule.id === id ? { ...rule, ...patch } : rule));
export const allStaged = (policy: DraftPolicy, staged: boolean): RuleInput[] =>
  rulesOf(policy).map((rule) => ({ ...rule, staged }));
/** The copy stands under it, and is a rule of its own. */
export const withCopy = (policy: DraftPolicy, id: string): RuleInput[] =>
  rulesOf(policy).flatMap((rule) => {
    const { id: _, ...copy } = rule;
    return rule.id === id ? [rule, copy] : [rule];
  });

/** Whether a rule decides, is only watched, or says nothing. A disabled one stays staged for when it is enabled. */
export type RuleMode = 'enforced' | 'staged' | 'disabled';
export const ruleMode = ({ enabled, staged }: Pick<Rule, 'enabled' | 'staged'>): RuleMode =>
  !enabled ? 'disabled' : staged ? 'staged' : 'enforced';
export const withMode = (mode: RuleMode): Partial<RuleInput> =>
  mode === 'disabled' ? { enabled: false } : { enabled: true, staged: mode === 'staged' };

export const newRule = (): RuleInput => ({
  name: '',
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...RULE_DEFAULTS,
});
