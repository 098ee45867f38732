import { GIVE_UP_MS, LONGEST_ROUTE_MS, retryAfterMs } from '@hypervigil/notify';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { PLATFORM, transact } from '../state/work.ts';
import type { DeliveryFailure } from './problems.ts';

/** So many failures in a row make a destination one that people are told of. */
export const FAILING = 3;

/** It arrived, and so its destination is well. */
export function noteSent(db: Database, routeId: string, id: string, answer: string | null): Promise<void> {
  return transact(db, PLATFORM, async ({ tx }) => {
    await tx
      .updateTable('notification_outbox')
      .set({ state: 'sent', finished_at: sql`now()`, attempts: sql`attempts + 1`, problem: null, answer })
      .where('id', '=', id)
      .execute();
    await tx
      .updateTable('notification_routes')
      .set({ failures: 0, failing_since: null, problem: null, retry_at: null, last_sent_at: sql`now()` })
      .where('id', '=', routeId)
      .execute();
  });
}

/**
 * It did not arrive. The message is tried again later and later, for a day; its destination, too, but never later than in
 * five minutes, so that the first of what waits goes out soon after it is back.
 * @returns whether the message is given up
 */
export function noteFailure(
  db: Database,
  routeId: string,
  id: string,
  { problem, answer, retryAfterMs: asked }: DeliveryFailure,
): Promise<boolean> {
  const told = JSON.stringify(problem);
  const after = (failures: number, longest?: number) =>
    sql<Date>`now() + ${Math.max(asked, retryAfterMs(failures, Math.random(), longest))} * interval '1 millisecond'`;
  return transact(db, PLATFORM, async ({ tx, audit }) => {
    const route = await tx
      .selectFrom('notification_routes')
      .select(['name', 'failures'])
      .where('id', '=', routeId)
      .forUpdate()
      .executeTakeFirst();
    const message = await tx
      .selectFrom('notification_outbox')
      .select('attempts')
      .where('id', '=', id)
      .executeTakeFirst();
    if (route === undefined || message === undefined) return true;
    const isOver = sql<boolean>`created_at <= now() - ${GIVE_UP_MS} * interval '1 millisecond'`;
    const { state } = await tx
      .updateTable('notification_outbox')
      .set({
        state: sql`case when ${isOver} then 'failed' else 'waiting' end`,
        finished_at: sql`case when ${isOver} then now() end`,
        attempts: message.attempts + 1,
        next_at: after(message.attempts + 1),
        ...{ problem: told, answer },
      })
      .where('id', '=', id)
      .returning('state')
      .executeTakeFirstOrThrow();
    const failures = route.failures + 1;
    await tx
      .updateTable('notification_routes')
      .set({
        failures,
        failing_since: sql`coalesce(failing_since, now())`,
        problem: told,
        retry_at: after(failures, LONGEST_ROUTE_MS),
      })
      .where('id', '=', routeId)
      .execute();
    // Once, not at every try of a long night.
    if (failures === FAILING)
      audit({
        action: 'notification.failing',
        outcome: 'failed',
        subject: `notification:${routeId}`,
        params: { name: route.name, code: problem.code, params: problem.params },
      });
    return state === 'failed';
  });
}
