import { randomUUID } from 'node:crypto';
import type { NotificationTest } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { type Delivering, deliver } from './deliver.ts';
import { routeRow } from './messages.ts';
import { DeliveryFailure } from './problems.ts';

/** A test makes this server connect somewhere: not again before so many seconds. */
const EVERY_SECONDS = 3;

/**
 * Sends a test message past the outbox. One that arrives shows that the destination is well, and what waits is sent at once.
 * @throws ApiFailure `not-found`, `too-many-requests`
 */
export async function testRoute(
  deps: Delivering & { readonly db: Database },
  actor: Actor,
  id: string,
): Promise<NotificationTest> {
  const { db } = deps;
  const route = await routeRow(db, id);
  if (route === undefined) throw notFound('notification', id);
  const { rows } = await sql`update notification_routes set tested_at = now()
    where id = ${id}::uuid and (tested_at is null or tested_at < now() - ${EVERY_SECONDS} * interval '1 second')
    returning id`.execute(db);
  if (rows.length === 0) throw new ApiFailure('too-many-requests', { seconds: EVERY_SECONDS });
  const message = { id: randomUUID(), route: route.name, at: new Date().toISOString(), event: 'test' as const };
  const begun = performance.now();
  const outcome = await deliver(deps, route, { ...message, link: `${deps.publicUrl()}/notifications?id=${id}` }).then(
    (answer) => ({ ok: true, problem: null, answer }),
    (error: unknown) => {
      if (!(error instanceof DeliveryFailure)) throw error;
      return { ok: false, problem: error.problem, answer: error.answer };
    },
  );
  const { ok, problem } = outcome;
  await transact(db, actor, async ({ tx, audit, changed }) => {
    if (ok)
      await tx
        .updateTable('notification_routes')
        .set({ failures: 0, failing_since: null, problem: null, retry_at: null })
        .where('id', '=', id)
        .execute();
    audit({
      action: 'notification.tested',
      outcome: ok ? 'done' : 'failed',
      subject: `notification:${id}`,
      params: { name: route.name, ...(problem === null ? {} : { code: problem.code, params: problem.params }) },
    });
    changed('notifications');
  });
  return { ...outcome, milliseconds: Math.round(performance.now() - begun) };
}
