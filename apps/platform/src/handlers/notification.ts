import { listDeliveries } from '../notification/deliveries.ts';
import * as routes from '../notification/routes.ts';
import { testRoute } from '../notification/test-route.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Where alerts are told, and what became of it. */
export function notificationHandlers(deps: HandlerDeps) {
  const { db } = deps;
  return {
    listNotificationRoutes: ({ query, access }) =>
      routes.listRoutes(db, query, access.owned('notification:read', 'tenant_id')),
    getNotificationRoute: ({ params }) => routes.getRoute(db, params.id),
    createNotificationRoute: ({ body, call }) => routes.createRoute(deps.notification, call.actor, body),
    updateNotificationRoute: ({ params, body, call }) =>
      routes.updateRoute(deps.notification, call.actor, params.id, body),
    async deleteNotificationRoute({ params, call }) {
      await routes.deleteRoute(db, call.actor, params.id);
      return undefined;
    },
    testNotificationRoute: ({ params, call }) => testRoute(deps.notification, call.actor, params.id),
    listNotificationDeliveries: ({ query, access }) =>
      listDeliveries(db, query, access.owned('notification:read', 'r.tenant_id')),
  } satisfies Part;
}
