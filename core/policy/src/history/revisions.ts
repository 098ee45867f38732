import type { Id, Policy, Rule } from '@hypervigil/model';
import { longestRising } from '../rising.ts';
import { diffFields, type FieldChange } from './fields.ts';

export interface RuleDifference {
  readonly action: 'added' | 'changed' | 'removed' | 'moved';
  readonly id: Id;
  readonly name: string;
  /** Its place in the policy, from 1; of a rule that is gone, the one that it had. */
  readonly place: number;
  /** The place that it had, if it stands elsewhere among the others now. */
  readonly from?: number;
  readonly fields: readonly FieldChange[];
}

export interface PolicyDifference extends Pick<Policy, 'id' | 'name' | 'tier'> {
  readonly action: 'added' | 'changed' | 'removed';
  /** Of the policy itself; what an added one has, what a removed one had. */
  readonly fields: readonly FieldChange[];
  readonly rules: readonly RuleDifference[];
}

/** What differs between two states of the policies, rule by rule and field by field; a rule is known by its id. */
export function diffPolicies(before: readonly Policy[], after: readonly Policy[]): PolicyDifference[] {
  const old = new Map(before.map((policy) => [policy.id, policy]));
  const now = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id }) => !now.has(id)).map((policy) => difference('removed', policy, undefined));
  const there = after.flatMap((policy) => {
    const was = old.get(policy.id);
    if (was === undefined) return [difference('added', undefined, policy)];
    const changed = difference('changed', was, policy);
    return changed.fields.length + changed.rules.length === 0 ? [] : [changed];
  });
  return [...gone, ...there];
}

function difference(
  action: PolicyDifference['action'],
  before: Policy | undefined,
  after: Policy | undefined,
): PolicyDifference {
  const { id, name, tier } = (after ?? before)!;
  const fields = diffFields(before && ownFields(before), after && ownFields(after));
  return { action, id, name, tier, fields, rules: diffRules(before?.rules ?? [], after?.rules ?? []) };
}

const ownFields = ({ name, description, tier, tenantId, order, enabled }: Policy) => ({
  name,
  description,
  tier,
  tenantId,
  order,
  enabled,
});

/** Those that moved are the fewest that explain the new order. */
function diffRules(before: readonly Rule[], after: readonly Rule[]): RuleDifference[] {
  const old = new Map(before.map((rule, i) => [rule.id, { rule, place: i + 1 }]));
  const now = new Set(after.map(({ id }) => id));
  const stayed = longestRising(after.flatMap(({ id }) => old.get(id)?.place ?? []));
  const gone = before.flatMap((rule, i): RuleDifference[] =>
    now.has(rule.id) ? [] : [{ action: 'removed', ...named(rule, i + 1), fields: diffFields(said(rule), undefined) }],
  );
  const there = after.flatMap((rule, i): RuleDifference[] => {
    const was = old.get(rule.id);
    const common = named(rule, i + 1);
    if (was === undefined) return [{ action: 'added', ...common, fields: diffFields(undefined, said(rule)) }];
    const fields = diffFields(said(was.rule), said(rule));
    const moved = stayed.has(was.place) ? {} : { from: was.place };
    if (fields.length > 0) return [{ action: 'changed', ...common, ...moved, fields }];
    return 'from' in moved ? [{ action: 'moved', ...common, ...moved, fields }] : [];
  });
  return [...gone, ...there];
}

const named = ({ id, name }: Rule, place: number) => ({ id, name, place });
const said = ({ id: _, num: __, ...rule }: Rule) => rule;
