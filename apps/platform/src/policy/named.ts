import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';

/**
 * Refuses to delete what a rule names, in the draft or in what is published. Rules are documents, so the database's
 * foreign keys cannot see this.
 * @throws ApiFailure `named-by-rule`
 */
export async function requireUnnamed(tx: Tx, what: 'group' | 'tenant', id: string): Promise<void> {
  const pattern = `%"${id}"%`;
  const { rows } = await sql<{ name: string }>`
    select name from draft_policies where rules::text like ${pattern}
    union all
    select p->>'name' from policy_state join policy_revisions on revision = published_revision,
      jsonb_array_elements(policies) as p where (p->'rules')::text like ${pattern}
    limit 1`.execute(tx);
  const [policy] = rows;
  if (policy === undefined) return;
  throw new ApiFailure('named-by-rule', { what, policy: policy.name });
}
