import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Tx } from '../state/database.ts';

/**
 * Refuses to delete what a rule names, in the draft or in what is published. Rules are documents, so the database's
 * foreign keys cannot see this. Nor what an assertion names: without it, the assertion would say nothing any more.
 * @throws ApiFailure `named-by-rule`, `named-by-assertion`
 */
export async function requireUnnamed(
  tx: Tx,
  what: 'group' | 'tenant' | 'address-set' | 'schedule' | 'named-service' | 'gateway-group' | 'mirror',
  id: string,
): Promise<void> {
  const pattern = `%"${id}"%`;
  const { rows } = await sql<{ policy: string; rule: string }>`
    select name as policy, r->>'name' as rule from draft_policies, jsonb_array_elements(rules) as r
    where r::text like ${pattern}
    union all
    select p->>'name', r->>'name' from policy_state join policy_revisions on revision = published_revision,
      jsonb_array_elements(policies) as p, jsonb_array_elements(p->'rules') as r where r::text like ${pattern}
    limit 1`.execute(tx);
  const [found] = rows;
  if (found !== undefined) throw new ApiFailure('named-by-rule', { what, ...found });
  const assertion = await tx
    .selectFrom('assertions')
    .select('name')
    .where(sql<boolean>`(from_end::text like ${pattern} or to_end::text like ${pattern})`)
    .executeTakeFirst();
  if (assertion !== undefined) throw new ApiFailure('named-by-assertion', { what, assertion: assertion.name });
}
