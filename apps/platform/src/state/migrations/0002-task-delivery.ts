import { type Kysely, sql } from 'kysely';

/** Which process of an engine a task was sent to: only that one knows whether it was done. */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter table tasks add column sent_to text`.execute(db);
}
