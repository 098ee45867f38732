import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';

/** Longer than sending one message takes; it is renewed before each. */
const LEASE_MS = 45_000;

const later = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

/**
 * Takes a route that has something to send, for this process alone: the one that had its turn longest ago.
 * @param digestMs how long what the limit held back waits for its digest
 * @returns its id
 */
export async function leaseRoute(db: Database, process: string, digestMs: number): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    update notification_routes set leased_until = ${later(LEASE_MS)}, leased_by = ${process}::uuid, turn_at = now()
    where id = (select r.id from notification_routes r
      where enabled and (leased_until is null or leased_until < now()) and (retry_at is null or retry_at <= now())
        and (exists (select from notification_outbox where route_id = r.id and state = 'waiting' and next_at <= now())
          or exists (select from notification_outbox where route_id = r.id and state = 'held' and digest_id is null
            and created_at <= now() - ${digestMs} * interval '1 millisecond'))
      order by turn_at nulls first limit 1 for update skip locked)
    returning id`.execute(db);
  return rows[0]?.id;
}

/** @returns false when the lease was lost: too slow, or the route is gone or switched off */
export async function renewLease(db: Database | Tx, routeId: string, process: string): Promise<boolean> {
  const { rows } = await sql`update notification_routes set leased_until = ${later(LEASE_MS)}
    where id = ${routeId}::uuid and leased_by = ${process}::uuid and leased_until > now() and enabled
    returning id`.execute(db);
  return rows.length > 0;
}

export async function endLease(db: Database, routeId: string, process: string): Promise<void> {
  await sql`update notification_routes set leased_until = null, leased_by = null
    where id = ${routeId}::uuid and leased_by = ${process}::uuid`.execute(db);
}
