import { randomUUID } from 'node:crypto';
import type { RuleInput } from '@hypervigil/contract';
import { ANYONE, type FieldMistake, type Policy, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';
import type { Work } from '../state/work.ts';
import { inspectionOf } from './inspection.ts';

/** A rule as it is today, of one that was stored when rules had fewer fields. */
export const completeRule = (rule: Rule): Rule => ({
  ...RULE_DEFAULTS,
  ...rule,
  from: { ...ANYONE, ...rule.from },
  to: { ...ANYONE, ...rule.to },
});

/**
 * Gives new rules of a policy an id and a number, and finds the number of the others; they may be all of its rules or some. Where nobody is said to answer for a rule, it
 * stays whose it was; a new one is its writer's.
 * @throws ApiFailure `invalid-request` for an id that is not one of this policy's rules, or stands twice
 */
export async function numberRules(
  { tx, actor }: Pick<Work, 'tx' | 'actor'>,
  policy: Pick<Policy, 'id' | 'tenantId' | 'rules'>,
  inputs: readonly RuleInput[],
): Promise<Rule[]> {
  const { id: policyId, tenantId } = policy;
  const known = new Map(
    (
      await tx
        .selectFrom('rules')
        .select(['id', 'num'])
        .where('policy_id', '=', policyId)
        .where(sql<boolean>`id = any(${inputs.flatMap(({ id }) => id ?? [])}::uuid[])`)
        .execute()
    ).map((row) => [row.id, row.num]),
  );
  requireOwnIds(inputs, known);
  const inspection = await inspectionOf(tx, tenantId, inputs);
  const rules = inputs.map(({ inspect, ...rule }) => ({
    ...rule,
    ...inspection({ ...rule, inspect }),
    id: rule.id ?? randomUUID(),
  }));
  const added = rules.map(({ id }) => id).filter((id) => !known.has(id));
  for (const { id, num } of await addRules(tx, policyId, added)) known.set(id, num);
  const owners = new Map(policy.rules.map(({ id, owner }) => [id, owner]));
  const ownerOf = ({ id, owner }: (typeof rules)[number]) => owner || owners.get(id) || actor.name;
  return rules.map((rule) => ({ ...rule, owner: ownerOf(rule), num: known.get(rule.id)! }));
}

function requireOwnIds(inputs: readonly RuleInput[], known: ReadonlyMap<string, number>): void {
  const seen = new Set<string>();
  const mistakes = inputs.flatMap(({ id }, i): FieldMistake[] => {
    if (id === undefined) return [];
    const field = `rules.${i}.id`;
    if (!known.has(id)) return [{ field, code: 'unknown-id', params: { what: 'rule' } }];
    if (seen.has(id)) return [{ field, code: 'twice', params: {} }];
    seen.add(id);
    return [];
  });
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}

async function addRules(tx: Tx, policyId: string, ids: readonly string[]): Promise<{ id: string; num: number }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string; num: number }>`
    insert into rules (id, policy_id)
    select id, ${policyId}::uuid from unnest(${ids}::uuid[]) with ordinality as r (id, place) order by place
    returning id, num`.execute(tx);
  return rows;
}

/** Rules that stand in another policy than before belong to that one: after a move, or when the draft is an older one again. */
export async function followRules(tx: Tx): Promise<void> {
  await sql`update rules set policy_id = draft.id
    from draft_policies draft, jsonb_array_elements(draft.rules) rule
    where rules.id = (rule ->> 'id')::uuid and rules.policy_id <> draft.id and not draft.removed`.execute(tx);
}

/** Remembers when a rule was published for the first time. */
export async function markPublished(tx: Tx, policies: readonly Policy[]): Promise<void> {
  const ids = policies.flatMap(({ rules }) => rules.map(({ id }) => id));
  await sql`update rules set published_at = now() where published_at is null and id = any(${ids}::uuid[])`.execute(tx);
}
