import { randomUUID } from 'node:crypto';
import type { AlertCode, Severity } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';

/** Whether a route has sent as much within the last hour as it may; digests do not count. */
export async function isFull(db: Database, routeId: string, perHour: number): Promise<boolean> {
  const { rows } = await sql<{ sent: number }>`select count(*) as sent from notification_outbox
    where route_id = ${routeId}::uuid and state = 'sent' and event <> 'digest'
      and finished_at > now() - interval '1 hour'`.execute(db);
  return rows[0]!.sent >= perHour;
}

/** What waits now waits no longer: the next digest counts it. */
export async function holdBack(db: Database, routeId: string): Promise<number> {
  const { rows } = await sql`update notification_outbox set state = 'held', finished_at = now()
    where route_id = ${routeId}::uuid and state = 'waiting' and event <> 'digest' and next_at <= now()
    returning id`.execute(db);
  return rows.length;
}

interface Counted {
  readonly code: AlertCode;
  readonly severity: Severity;
  readonly count: number;
  readonly from: Date;
  readonly to: Date;
}

/**
 * Counts what was held back in one message, once the oldest of it has waited for `digestMs`. Which came first does not matter: a
 * digest counts what no other has.
 */
export function makeDigest(db: Database, id: string, digestMs: number): Promise<void> {
  return transact(db, PLATFORM, async ({ tx }) => {
    const { rows } = await sql<{
      due: boolean;
    }>`select min(created_at) <= now() - ${digestMs} * interval '1 millisecond' as due
      from notification_outbox where route_id = ${id}::uuid and state = 'held' and digest_id is null`.execute(tx);
    if (rows[0]?.due !== true) return;
    const route = await tx.selectFrom('notification_routes').select('per_hour').where('id', '=', id).executeTakeFirst();
    if (route === undefined) return;
    const digestId = randomUUID();
    const counted = await countHeld(tx, id, digestId);
    // Another process was first.
    if (counted.length === 0) return;
    const count = counted.reduce((sum, one) => sum + one.count, 0);
    const at = (pick: (one: Counted) => Date, choose: (...times: number[]) => number) =>
      new Date(choose(...counted.map((one) => pick(one).getTime()))).toISOString();
    const content = {
      parts: counted.map(({ code, severity, count }) => ({ code, severity, count })),
      from: at((one) => one.from, Math.min),
      to: at((one) => one.to, Math.max),
      perHour: route.per_hour,
    };
    await tx
      .insertInto('notification_outbox')
      .values({ id: digestId, route_id: id, event: 'digest', count, content: JSON.stringify(content) })
      .execute();
  });
}

async function countHeld(tx: Tx, routeId: string, digestId: string): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    with counted as (update notification_outbox set digest_id = ${digestId}::uuid
      where route_id = ${routeId}::uuid and state = 'held' and digest_id is null
      returning code, severity, created_at)
    select code, severity, count(*) as count, min(created_at) as "from", max(created_at) as "to"
    from counted group by code, severity order by count(*) desc, code, severity`.execute(tx);
  return rows;
}
