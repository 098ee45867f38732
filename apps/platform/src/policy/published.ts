import type { Policy } from '@hypervigil/model';
import { sql } from 'kysely';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { completeRule } from './rules.ts';

/** The policies of the newest published revision, all or some. */
export async function publishedPolicies(db: Database | Tx, ids?: readonly string[]): Promise<Policy[]> {
  const some = sql<Policy[]>`(select jsonb_agg(one) from jsonb_array_elements(policies) as one
    where one ->> 'id' = any(${ids ?? []}))`;
  const row = await db
    .selectFrom('policy_revisions')
    .innerJoin('policy_state', 'policy_state.published_revision', 'policy_revisions.revision')
    .select(ids === undefined ? 'policies' : some.as('policies'))
    .executeTakeFirst();
  return (row?.policies ?? []).map(completePolicy);
}

/** Of each published policy, its own revision. */
export async function publishedPolicyRevisions(db: Database | Tx): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; revision: number }>`
    select one ->> 'id' as id, (one ->> 'revision')::int as revision
    from policy_revisions join policy_state on published_revision = policy_revisions.revision,
      jsonb_array_elements(policies) as one`.execute(db);
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}

/** The policies of any revision; of 0, which was before the first, none. */
export async function policiesOfRevision(db: Database | Tx, revision: number): Promise<Policy[]> {
  if (revision === 0) return [];
  const query = db.selectFrom('policy_revisions').select('policies').where('revision', '=', revision);
  const row = await query.executeTakeFirst();
  if (row === undefined) throw notFound('revision', String(revision));
  return row.policies.map(completePolicy);
}

const completePolicy = (policy: Policy): Policy => ({ ...policy, rules: policy.rules.map(completeRule) });

export async function publishedRevision(db: Database | Tx): Promise<number> {
  const row = await db.selectFrom('policy_state').select('published_revision').executeTakeFirstOrThrow();
  return row.published_revision;
}
