import type { Policy } from '@hypervigil/model';
import type { Database, Tx } from '../state/database.ts';
import { completeRule } from './rules.ts';

/** The policies of the newest published revision. */
export async function publishedPolicies(db: Database | Tx): Promise<Policy[]> {
  const row = await db
    .selectFrom('policy_revisions')
    .innerJoin('policy_state', 'policy_state.published_revision', 'policy_revisions.revision')
    .select('policies')
    .executeTakeFirst();
  return (row?.policies ?? []).map((policy) => ({ ...policy, rules: policy.rules.map(completeRule) }));
}

export async function publishedRevision(db: Database | Tx): Promise<number> {
  const row = await db.selectFrom('policy_state').select('published_revision').executeTakeFirstOrThrow();
  return row.published_revision;
}
