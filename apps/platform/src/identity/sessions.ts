import type { Principal } from '@hypervigil/authz';
import type { Duty } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { hashToken, randomToken } from './tokens.ts';

interface SessionRow extends Principal {
  readonly name: string;
  readonly mustChangePassword: boolean;
  readonly expiresAt: Date;
}

export interface Sessions {
  begin(userId: string): Promise<{ token: string; expiresAt: Date }>;
  find(token: string): Promise<SessionRow | undefined>;
  end(token: string): Promise<void>;
  /** Ends all sessions of a person, or all but the one with this token. */
  endOthers(userId: string, token?: string): Promise<void>;
  /** Removes what has expired. */
  sweep(): Promise<void>;
}

/** A row of `users` as authorisation looks at it. */
export const principalOf = (row: {
  id: string;
  duty: Duty;
  tenant_id: string | null;
  scope_groups: string[];
  scope_networks: string[];
  disabled: boolean;
}): Principal => ({
  id: row.id,
  duty: row.duty,
  tenantId: row.tenant_id,
  scope: { groupIds: row.scope_groups, networkIds: row.scope_networks },
  disabled: row.disabled,
});

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
        .select(['users.duty', 'users.tenant_id', 'users.scope_groups', 'users.scope_networks', 'users.disabled'])
        .select(sql<boolean>`sessions.seen_at < now() - make_interval(secs => ${TOUCH_SECONDS})`.as('stale'))
        .where('sessions.token_hash', '=', hash)
        .where(alive)
        .where('users.disabled', '=', false)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      if (row.stale)
        await db.updateTable('sessions').set({ seen_at: sql`now()` }).where('token_hash', '=', hash).execute();
      return {
        ...principalOf(row),
        name: row.name,
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
        .$if(token !== undefined, (b) => b.where('token_hash', '!=', hashToken(token!)))
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
