import {
  Id,
  type Inspect,
  InspectInput,
  type InspectLink,
  MAX_POLICY_RULES,
  Policy,
  patchRules,
  Rule,
} from '@hypervigil/model';
import { z } from 'zod';

/** A rule as people write it: new ones have no id yet, and the platform gives each its number. */
export const RuleInput = Rule.omit({ num: true })
  .extend({ id: Id.optional(), inspect: InspectInput.optional() })
  .strict();
export type RuleInput = z.infer<typeof RuleInput>;

/** A rule as somebody sends it back: without the numbers that the platform gave. */
export const ruleInput = ({ num: _, inspect, ...rule }: Rule): RuleInput => ({
  ...rule,
  ...(inspect && { inspect: inspectInput(inspect) }),
});

function inspectInput({ next, ...first }: Inspect): InspectInput {
  const unnumbered = <Link extends Pick<InspectLink, 'groupNum'>>({ groupNum: _, ...link }: Link) => link;
  return { ...unnumbered(first), ...(next && { next: next.map(unnumbered) }) };
}

/** A policy in the draft: as it would be, and whether and where that differs from what is published. */
export const DraftPolicy = Policy.extend({
  change: z.enum(['none', 'added', 'changed', 'removed']),
  /** Of a changed policy, its rules that are not as they are published, by their ids. */
  ruleChanges: z.record(Id, z.enum(['added', 'changed', 'moved'])),
});
export type DraftPolicy = z.infer<typeof DraftPolicy>;

/** `RulePatch` of core/model: what is left out is nothing. */
export const rulePatch = <R extends z.ZodType>(rule: R) => ({
  /** In place of those with their ids. */
  changed: z.array(rule).max(MAX_POLICY_RULES).default([]),
  removed: z.array(Id).max(MAX_POLICY_RULES).default([]),
  /** New ones and those that go elsewhere, each before a rule that stays where it is; null is the last place. */
  placed: z
    .array(z.strictObject({ rule, before: Id.nullable() }))
    .max(MAX_POLICY_RULES)
    .default([]),
});

/** A policy of the draft, of its rules only those that are not as they were. */
const DraftPolicyChange = DraftPolicy.omit({ rules: true }).extend({
  /** The revision of the policy in which they were otherwise; null: all rules are among the placed. */
  since: z.int().nullable(),
  ...rulePatch(Rule),
});

export const DraftChanges = z.object({
  policies: z.array(DraftPolicyChange),
  /** Every policy of the draft, in the order of decision; null: those that there were, in that order. */
  order: z.array(Id).nullable(),
});
export type DraftChanges = z.infer<typeof DraftChanges>;

/** The draft with what changed of it; undefined where that is told against something else than what is held. */
export function withDraftChanges(
  held: readonly DraftPolicy[],
  { policies, order }: DraftChanges,
): readonly DraftPolicy[] | undefined {
  const known = new Map(held.map((policy) => [policy.id, policy]));
  for (const { since, changed, removed, placed, ...policy } of policies) {
    const before = known.get(policy.id);
    const patch = { changed, removed, placed };
    if (since === null) known.set(policy.id, { ...policy, rules: patchRules([], patch) });
    else if (before?.revision === since) known.set(policy.id, { ...policy, rules: patchRules(before.rules, patch) });
    // Told before, by the answer to the edit itself.
    else if (before?.revision === policy.revision) known.set(policy.id, { ...policy, rules: before.rules });
    else return undefined;
  }
  const there = (order ?? held.map(({ id }) => id)).map((id) => known.get(id));
  return there.every((policy) => policy !== undefined) ? there : undefined;
}
