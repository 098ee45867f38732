import type { Policy } from '@hypervigil/model';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { completeRule } from './rules.ts';

/** The policies of the newest published revision. */
export async function publishedPolicies(db: Database | Tx): Promise<Policy[]> {
  const row = await db
    .selectFrom('policy_revisions')
    .innerJoin('policy_state', 'policy_state.published_revision', 'policy_revisions.revision')
    .select('policies')
    .executeTakeFirst();
  return (row?.policies ?? []).map(completePolicy);
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
