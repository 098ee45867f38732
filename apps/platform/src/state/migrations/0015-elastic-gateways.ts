import { type Kysely, sql } from 'kysely';

const STATEMENTS = [
  'alter table gateway_groups add max_per_host integer',
  'update gateway_groups set max_per_host = per_host',
  'alter table gateway_groups alter max_per_host set not null',
  'alter table gateways add retired boolean not null default false',
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
