import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table gateways add renew boolean not null default false`.execute(db);
}
