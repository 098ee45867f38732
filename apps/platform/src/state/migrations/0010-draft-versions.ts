import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  // No reference to draft_policies: what was thrown away may still be the base of somebody's edit.
  `create table draft_versions (
    policy_id uuid not null,
    revision integer not null,
    content jsonb not null,
    primary key (policy_id, revision))`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
