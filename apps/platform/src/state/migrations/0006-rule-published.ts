import { type Kysely, sql } from 'kysely';

/** When a rule was first published: one that nothing meets is worth a word only after it had its time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table rules add column published_at timestamptz`.execute(db);
  await sql`update rules set published_at = first.at
    from (select rule ->> 'id' as id, min(published_at) as at from policy_revisions,
      jsonb_array_elements(policies) policy, jsonb_array_elements(policy -> 'rules') rule group by 1) first
    where rules.id = first.id::uuid`.execute(db);
}
