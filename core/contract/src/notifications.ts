import {
  DeliveryState,
  Id,
  NotificationDelivery,
  NotificationRoute,
  NotificationSecrets,
  NotificationTest,
} from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const { name, description, tenantId, enabled, language, match, perHour, target } = NotificationRoute.shape;
const fields = z.strictObject({
  name,
  description: description.default(''),
  enabled: enabled.default(true),
  language: language.default('en'),
  match: match.strict().prefault({}),
  perHour: perHour.default(60),
  target,
});

/** Who is told of alerts. Secrets are written and never read: a change that does not name one keeps it. */
export const notifications = defineEndpoints({
  listNotificationRoutes: {
    method: 'GET',
    path: '/api/v1/notifications',
    summary: 'Notification routes: which alerts are told to whom, and whether it arrives',
    caller: 'person',
    permission: 'notification:read',
    query: ListQuery,
    response: listOf(NotificationRoute),
  },
  getNotificationRoute: {
    method: 'GET',
    path: '/api/v1/notifications/{id}',
    summary: 'One notification route',
    caller: 'person',
    permission: 'notification:read',
    params,
    response: NotificationRoute,
  },
  createNotificationRoute: {
    method: 'POST',
    path: '/api/v1/notifications',
    summary: 'Create a notification route; alerts from then on are told',
    caller: 'person',
    permission: 'notification:write',
    body: fields.extend({ tenantId: tenantId.default(null), secrets: NotificationSecrets.prefault({}) }),
    response: NotificationRoute,
    status: 201,
  },
  updateNotificationRoute: {
    method: 'PUT',
    path: '/api/v1/notifications/{id}',
    summary: 'Change a notification route; what waits goes the new way',
    caller: 'person',
    permission: 'notification:write',
    params,
    body: fields.extend({ secrets: NotificationSecrets.prefault({}), revision: z.int().min(0) }),
    response: NotificationRoute,
  },
  deleteNotificationRoute: {
    method: 'DELETE',
    path: '/api/v1/notifications/{id}',
    summary: 'Delete a notification route, with what waits and what it has sent',
    caller: 'person',
    permission: 'notification:write',
    params,
    status: 204,
  },
  testNotificationRoute: {
    method: 'POST',
    path: '/api/v1/notifications/{id}/test',
    summary: 'Send a test message now, and tell what the other side said',
    caller: 'person',
    permission: 'notification:write',
    params,
    response: NotificationTest,
  },
  listNotificationDeliveries: {
    method: 'GET',
    path: '/api/v1/notification-deliveries',
    summary: 'Messages of the last seven days and what became of them, newest first',
    caller: 'person',
    permission: 'notification:read',
    query: ListQuery.extend({ routeId: Id.optional(), state: DeliveryState.optional() }),
    response: listOf(NotificationDelivery),
  },
});
