import { type Kysely, sql } from 'kysely';

export const up = async (db: Kysely<never>): Promise<void> => {
  await sql.raw('alter table alert_responses add answer text').execute(db);
};
