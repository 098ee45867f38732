import type { DraftPolicy } from '@hypervigil/contract';
import { MAX_POLICY_RULES, type Policy, type Rule } from '@hypervigil/model';
import { badField, notFound, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import type { Actor } from '../state/work.ts';
import { requireNoMistakes } from './check.ts';
import { changeDraft, columns, getPolicy, present, toPolicy } from './draft.ts';
import { inspectionOf } from './inspection.ts';
import { followRules } from './rules.ts';
import { keepVersions, nextRevision } from './versions.ts';

interface Place {
  readonly policyId: string;
  /** The rule that it goes before; without it, the last place. */
  readonly before?: string | undefined;
}

/**
 * Puts a rule at another place of the draft. It keeps its id and number: what it has decided stays known as its.
 * @returns the policies that are another now
 * @throws ApiFailure `not-found`, `invalid-request` for a policy of another tier, or one that may not have the rule
 */
export function moveRule(db: Database, actor: Actor, id: string, { policyId, before }: Place): Promise<DraftPolicy[]> {
  return changeDraft(db, actor, async (work) => {
    const source = await policyWith(work.tx, id);
    const target = toPolicy(await present(work.tx, policyId));
    if (source.tier !== target.tier) throw badField('policyId', { code: 'other-tier', params: {} });
    const rule = source.rules.find((one) => one.id === id)!;
    const others = target.rules.filter((one) => one.id !== id);
    const place = before === undefined ? others.length : others.findIndex((one) => one.id === before);
    if (place === -1) throw unknownId('before', 'rule');
    if (others.length === MAX_POLICY_RULES)
      throw badField('policyId', { code: 'too-many', params: { maximum: MAX_POLICY_RULES } });
    await inspectionOf(work.tx, target.tenantId, [rule]);
    if (source.id !== target.id) await put(work.tx, source, without(source.rules, id));
    await put(work.tx, target, others.toSpliced(place, 0, rule));
    await followRules(work.tx);
    await requireNoMistakes(work.tx, target.id);
    const params = { name: rule.name, from: source.name, to: target.name, place: place + 1 };
    work.audit({ action: 'policy.rule.moved', subject: `rule:${id}`, params });
    const changed = [...new Set([source.id, target.id])];
    return Promise.all(changed.map((one) => getPolicy(work.tx, one)));
  });
}

const without = (rules: readonly Rule[], id: string) => rules.filter((one) => one.id !== id);

async function policyWith(tx: Tx, ruleId: string): Promise<Policy> {
  const rows = await tx.selectFrom('draft_policies').selectAll().where('removed', '=', false).execute();
  const row = rows.find(({ rules }) => rules.some(({ id }) => id === ruleId));
  if (row === undefined) throw notFound('rule', ruleId);
  return toPolicy(row);
}

async function put(tx: Tx, policy: Policy, rules: readonly Rule[]): Promise<void> {
  await keepVersions(tx, policy.id);
  const revision = await nextRevision(tx, policy.id);
  const change = { ...columns(policy, rules), revision, changed_at: new Date() };
  await tx.updateTable('draft_policies').set(change).where('id', '=', policy.id).execute();
}
