import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  `alter table playbooks add changed_by text not null default ''`,
  // Of a response that a playbook asked for: who had written the playbook, as it was then.
  'alter table alert_responses add playbook_by text',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
