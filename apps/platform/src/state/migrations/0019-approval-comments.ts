import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table draft_approvals add column comment text not null default ''`,
  // What was published keeps its approvals; nobody could say anything with them then.
  `update policy_revisions set approval = (
    select coalesce(jsonb_agg(part || jsonb_build_object('approvedBy', (
      select coalesce(jsonb_agg(one || '{"comment": ""}'), '[]') from jsonb_array_elements(part -> 'approvedBy') one))), '[]')
    from jsonb_array_elements(approval) part)
    where jsonb_typeof(approval) = 'array'`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
