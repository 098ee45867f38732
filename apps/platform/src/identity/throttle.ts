import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { lock } from '../state/work.ts';

const WINDOW_SECONDS = 60;
/** Wrong attempts at one name from one address. */
const PER_NAME = 5;
/** Wrong attempts from one address, whatever the name. */
const PER_SOURCE = 30;

export interface Throttle {
  /**
   * Counts an attempt before it is judged: many at once are many.
   * @throws ApiFailure `too-many-requests`
   */
  begin(source: string, name: string): Promise<void>;
  /** It was right: the ones before were slips. */
  forgive(source: string, name: string): Promise<void>;
}

/** Slows guessing per source, never per name alone: nobody can lock another person out from elsewhere. */
export function createThrottle(db: Database): Throttle {
  return {
    begin: (address, username) =>
      db.transaction().execute(async (tx) => {
        const source = sourceOf(address);
        await lock(tx, 'attempts');
        await tx
          .deleteFrom('sign_in_failures')
          .where('source', '=', source)
          .where('at', '<', sql<Date>`now() - make_interval(secs => ${WINDOW_SECONDS})`)
          .execute();
        const { all, named } = await tx
          .selectFrom('sign_in_failures')
          .select((e) => [
            e.fn.countAll<number>().as('all'),
            e.fn.countAll<number>().filterWhere('username', '=', username).as('named'),
          ])
          .where('source', '=', source)
          .executeTakeFirstOrThrow();
        if (all >= PER_SOURCE || named >= PER_NAME)
          throw new ApiFailure('too-many-requests', { seconds: WINDOW_SECONDS });
        await tx.insertInto('sign_in_failures').values({ source, username }).execute();
      }),
    async forgive(address, username) {
      const made = db.deleteFrom('sign_in_failures').where('source', '=', sourceOf(address));
      await made.where('username', '=', username).execute();
    },
  };
}

/** Whom an address stands for. Whoever has one IPv6 address has 2⁶⁴ of them (RFC 4291, 2.5.4), so the /64 counts. */
export function sourceOf(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [head = [], tail = []] = address
    .split('%')[0]!
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const zeros = address.includes('::') ? Array<string>(8 - head.length - tail.length).fill('0') : [];
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
