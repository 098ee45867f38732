import type { DeliveryState, NotificationDelivery } from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../state/database.ts';
import { contains, decodeCursor, type ListInput, type ListOf, pageOf } from '../state/paging.ts';
import { FAILING } from './outcome.ts';
import { selectDeliveries, toDelivery } from './rows.ts';

const KEPT_DAYS = 7;

interface DeliveryFilter extends ListInput {
  readonly routeId?: string | undefined;
  readonly state?: DeliveryState | undefined;
}

/** `visible` speaks of `r.tenant_id`. */
export async function listDeliveries(
  db: Database,
  { limit, cursor, q, routeId, state }: DeliveryFilter,
  visible: RawBuilder<boolean>,
): Promise<ListOf<NotificationDelivery>> {
  const after = decodeCursor(cursor, ['string', 'string']);
  const found = selectDeliveries(db)
    .where(visible)
    .$if(routeId !== undefined, (b) => b.where('route_id', '=', routeId!))
    .$if(state !== undefined, (b) => b.where('state', '=', state!))
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('vm_name', 'ilike', contains(q!)), e('r.name', 'ilike', contains(q!))])),
    );
  const [{ total }, rows] = await Promise.all([
    found
      .clearSelect()
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
    found
      .select(sql<string>`created_at::text`.as('created'))
      .$if(after !== undefined, (b) =>
        b.where(sql<boolean>`(created_at, o.id) < (${after![0]}::timestamptz, ${after![1]}::uuid)`),
      )
      .orderBy('created_at', 'desc')
      .orderBy('o.id', 'desc')
      .limit(limit + 1)
      .execute(),
  ]);
  return { ...pageOf(rows, limit, ({ created, id }) => [created, id], toDelivery), total };
}

/** A route of which nothing arrives, and since how many hours. */
export interface FailingRoute {
  readonly name: string;
  readonly hours: number;
}

/** `visible` speaks of `tenant_id`. */
export async function failingRoutes(db: Database, visible: RawBuilder<boolean>): Promise<FailingRoute[]> {
  const { rows } = await sql<FailingRoute>`
    select name, floor(extract(epoch from now() - failing_since) / 3600)::int as hours from notification_routes
    where enabled and failures >= ${FAILING} and ${visible} order by name limit 20`.execute(db);
  return rows;
}

/** How many messages wait, of all routes that are switched on. */
export async function countWaiting(db: Database): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from notification_outbox
    where state = 'waiting'`.execute(db);
  return rows[0]!.waiting;
}

export async function forgetOldDeliveries(db: Database): Promise<void> {
  await db
    .deleteFrom('notification_outbox')
    .where(sql<boolean>`created_at < now() - make_interval(days => ${KEPT_DAYS})`)
    .execute();
}
