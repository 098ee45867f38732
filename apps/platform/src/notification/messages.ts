import type { Message } from '@hypervigil/notify';
import { sql } from 'kysely';
import type { Database } from '../state/database.ts';

const selectRoute = (db: Database) => db.selectFrom('notification_routes').selectAll();
export type RouteRow = Awaited<ReturnType<ReturnType<typeof selectRoute>['executeTakeFirstOrThrow']>>;
const selectWaiting = (db: Database) => db.selectFrom('notification_outbox').selectAll();
type WaitingRow = Awaited<ReturnType<ReturnType<typeof selectWaiting>['executeTakeFirstOrThrow']>>;

export const routeRow = (db: Database, id: string): Promise<RouteRow | undefined> =>
  selectRoute(db).where('id', '=', id).executeTakeFirst();

/** The message of a route whose turn came first, with the route as it is now. */
export async function nextWaiting(db: Database, routeId: string) {
  const row = await selectWaiting(db)
    .where('route_id', '=', routeId)
    .where('state', '=', 'waiting')
    .where(sql<boolean>`next_at <= now()`)
    .orderBy('next_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const route = row && (await routeRow(db, routeId));
  return row && route && { row, route };
}

export function messageOf({ id, event, created_at, content }: WaitingRow, { name }: RouteRow, url: string): Message {
  const head = { id, route: name, at: created_at.toISOString() };
  if ('alert' in content) {
    if (event === 'digest') throw new TypeError('a digest of one alert');
    return { ...head, event, ...content, link: `${url}/alerts/${content.alert.id}` };
  }
  const count = content.parts.reduce((sum, part) => sum + part.count, 0);
  return { ...head, event: 'digest', ...content, count, link: `${url}/alerts?state=new` };
}
