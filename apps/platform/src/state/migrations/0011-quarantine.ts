import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  'alter table vms add column quarantine_reason text',
  'alter table vms add column quarantined_by text',
  'alter table vms add column quarantined_at timestamptz',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
