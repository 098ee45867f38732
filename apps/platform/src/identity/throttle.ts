import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';

const WINDOW_SECONDS = 60;
/** Wrong passwords for one name from one address. */
const PER_NAME = 5;
/** Wrong passwords from one address, whatever the name. */
const PER_SOURCE = 30;

export interface Throttle {
  /** @throws ApiFailure `too-many-requests` */
  check(source: string, username: string): Promise<void>;
  failed(source: string, username: string): Promise<void>;
}

/** Slows guessing per source, never per name alone: nobody can lock another person out from elsewhere. */
export function createThrottle(db: Database): Throttle {
  const since = sql<Date>`now() - make_interval(secs => ${WINDOW_SECONDS})`;
  return {
    async check(source, username) {
      const { all, named } = await db
        .selectFrom('sign_in_failures')
        .select((e) => [
          e.fn.countAll<number>().as('all'),
          e.fn.countAll<number>().filterWhere('username', '=', username).as('named'),
        ])
        .where('source', '=', source)
        .where('at', '>', since)
        .executeTakeFirstOrThrow();
      if (all < PER_SOURCE && named < PER_NAME) return;
      throw new ApiFailure('too-many-requests', { seconds: WINDOW_SECONDS });
    },
    async failed(source, username) {
      await db.insertInto('sign_in_failures').values({ source, username }).execute();
      await db.deleteFrom('sign_in_failures').where('source', '=', source).where('at', '<', since).execute();
    },
  };
}
