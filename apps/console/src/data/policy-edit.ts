import { type DraftPolicy, type RuleInput, ruleInput } from '@hypervigil/contract';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import type { RuleEdit } from './draft-edits.ts';

/** A policy as it is sent back: its fields and rules on the revision that was read, for the platform to refuse lost updates. */
export const policyBody = (policy: DraftPolicy) => ({
  name: policy.name,
  description: policy.description,
  tier: policy.tier,
  tenantId: policy.tenantId,
  order: policy.order,
  enabled: policy.enabled,
  rules: policy.rules.map(ruleInput),
  revision: policy.revision,
});

/** A rule that has no id yet goes to the end. */
export const withRule = (rule: RuleInput): RuleEdit =>
  rule.id === undefined ? { placed: [{ rule, before: null }] } : { changed: [rule] };
export const withoutRule = (id: string): RuleEdit => ({ removed: [id] });
export const withPatch = ({ rules }: DraftPolicy, id: string, patch: Partial<RuleInput>): RuleEdit => ({
  changed: rules.filter((rule) => rule.id === id).map((rule) => ({ ...ruleInput(rule), ...patch })),
});
export const allStaged = ({ rules }: DraftPolicy, staged: boolean): RuleEdit => ({
  changed: rules.filter((rule) => rule.staged !== staged).map((rule) => ({ ...ruleInput(rule), staged })),
});
/** The copy stands under it, and is a rule of its own. */
export function withCopy({ rules }: DraftPolicy, id: string): RuleEdit {
  const at = rules.findIndex((rule) => rule.id === id);
  const original = rules[at];
  if (original === undefined) return {};
  const { id: _, ...copy } = ruleInput(original);
  return { placed: [{ rule: copy, before: rules[at + 1]?.id ?? null }] };
}

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
