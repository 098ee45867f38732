import type { DraftChanges } from '@hypervigil/contract';
import { MAX_POLICY_RULES, type Policy, type Rule } from '@hypervigil/model';
import { badField, notFound, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { requireNoMistakes } from './check.ts';
import { changeDraft, present, toPolicy } from './draft.ts';
import { putChanged } from './draft-changes.ts';
import { inspectionOf } from './inspection.ts';
import { followRules } from './rules.ts';

interface Place {
  readonly policyId: string;
  /** The rule that it goes before; without it, the last place. */
  readonly before?: string | undefined;
}

/**
 * Puts a rule at another place of the draft. It keeps its id and number: what it has decided stays known as its.
 * @returns what became of the policies that are another now
 * @throws ApiFailure `not-found`, `invalid-request` for a policy of another tier, or one that may not have the rule
 */
export function moveRule(db: Database, actor: Actor, id: string, { policyId, before }: Place): Promise<DraftChanges> {
  return changeDraft(db, actor, async (work) => {
    const source = await policyWith(work.tx, id);
    const target = source.id === policyId ? source : toPolicy(await present(work.tx, policyId));
    if (source.tier !== target.tier) throw badField('policyId', { code: 'other-tier', params: {} });
    const rule = source.rules.find((one) => one.id === id)!;
    const others = target.rules.filter((one) => one.id !== id);
    const place = before === undefined ? others.length : others.findIndex((one) => one.id === before);
    if (place === -1) throw unknownId('before', 'rule');
    if (others.length === MAX_POLICY_RULES)
      throw badField('policyId', { code: 'too-many', params: { maximum: MAX_POLICY_RULES } });
    await inspectionOf(work.tx, target.tenantId, [rule]);
    const rules = others.toSpliced(place, 0, rule);
    await requireNoMistakes(work.tx, { ...target, rules });
    const left = source === target ? [] : [await putChanged(work.tx, source, { rules: without(source.rules, id) })];
    const changes = [...left, await putChanged(work.tx, target, { rules })];
    await followRules(work.tx);
    const params = { name: rule.name, from: source.name, to: target.name, place: place + 1 };
    work.audit({ action: 'policy.rule.moved', subject: `rule:${id}`, params });
    return { policies: changes, order: null };
  });
}

const without = (rules: readonly Rule[], id: string) => rules.filter((one) => one.id !== id);

async function policyWith(tx: Tx, ruleId: string): Promise<Policy> {
  const row = await tx
    .selectFrom('draft_policies')
    .innerJoin('rules', 'rules.policy_id', 'draft_policies.id')
    .selectAll('draft_policies')
    .where('rules.id', '=', ruleId)
    .where('removed', '=', false)
    .executeTakeFirst();
  const policy = row && toPolicy(row);
  if (policy === undefined || !policy.rules.some(({ id }) => id === ruleId)) throw notFound('rule', ruleId);
  return policy;
}
