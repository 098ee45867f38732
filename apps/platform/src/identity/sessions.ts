import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { hashToken, randomToken } from './tokens.ts';

interface SessionRow {
  readonly userId: string;
  readonly userName: string;
  readonly mustChangePassword: boolean;
  readonly expiresAt: Date;
}

export interface Sessions {
  begin(userId: string): Promise<{ token: string; expiresAt: Date }>;
  find(token: string): Promise<SessionRow | undefined>;
  end(token: string): Promise<void>;
  endOthers(userId: string, token: string): Promise<void>;
  /** Removes what has expired. */
  sweep(): Promise<void>;
}

/** The idle clock is written at most this often, so that reading does not write. */
const TOUCH_SECONDS = 30;

export function createSessions(db: Database, limits: { idleMinutes: number; hours: number }): Sessions {
  const alive = sql<boolean>`sessions.expires_at > now()
    and sessions.seen_at > now() - make_interval(secs => ${limits.idleMinutes * 60})`;
  return {
    async begin(userId) {
      const token = randomToken();
      const expiresAt = new Date(Date.now() + limits.hours * 3_600_000);
      await db
        .insertInto('sessions')
        .values({ token_hash: hashToken(token), user_id: userId, expires_at: expiresAt })
        .execute();
      return { token, expiresAt };
    },
    async find(token) {
      const hash = hashToken(token);
      const row = await db
        .selectFrom('sessions')
        .innerJoin('users', 'users.id', 'sessions.user_id')
        .select(['users.id', 'users.name', 'users.must_change_password', 'sessions.expires_at'])
        .select(sql<boolean>`sessions.seen_at < now() - make_interval(secs => ${TOUCH_SECONDS})`.as('stale'))
        .where('sessions.token_hash', '=', hash)
        .where(alive)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      if (row.stale)
        await db.updateTable('sessions').set({ seen_at: sql`now()` }).where('token_hash', '=', hash).execute();
      return {
        userId: row.id,
        userName: row.name,
        mustChangePassword: row.must_change_password,
        expiresAt: row.expires_at,
      };
    },
    async end(token) {
      await db.deleteFrom('sessions').where('token_hash', '=', hashToken(token)).execute();
    },
    async endOthers(userId, token) {
      await db
        .deleteFrom('sessions')
        .where('user_id', '=', userId)
        .where('token_hash', '!=', hashToken(token))
        .execute();
    },
    async sweep() {
      await db
        .deleteFrom('sessions')
        .where((e) => e.not(alive))
        .execute();
    },
  };
}
