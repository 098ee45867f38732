import type { NotificationDelivery, NotificationRoute } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { find, type Handlers, page, type State } from './handlers.ts';
import { ago, HOUR, MINUTE, uuid } from './make.ts';

const WELL: NotificationRoute['state'] = {
  ...{
    waiting: 0,
    held: 0,
    lastSentAt: ago(6 * MINUTE),
    failingSince: null,
    failures: 0,
    problem: null,
    retryAt: null,
  },
};
const MATCH: NotificationRoute['match'] = {
  ...{ events: ['raised', 'worsened'], codes: [], leastSeverity: 'medium', tenantIds: [], selector: '' },
};

/** A route that works, one that does not, and what became of their messages. */
export function notificationHandlers({ data, events, next }: State): Handlers {
  const common = { enabled: true, match: MATCH, perHour: 60, revision: 1, changedAt: ago(5 * HOUR) };
  const problem = { code: 'unreachable', params: { host: 'siem.example.com', reason: 'ECONNREFUSED' } } as const;
  let routes: NotificationRoute[] = [];
  let deliveries: NotificationDelivery[] = [];
  if (data.tenants.length > 0) {
    routes = [
      {
        ...{ ...common, id: uuid('notification', 1), name: 'soc', description: 'The team on duty', tenantId: null },
        target: { kind: 'feishu' },
        ...{ language: 'zh-CN', place: 'https://open.feishu.cn', secretsSet: ['url', 'key'], state: WELL },
      },
      {
        ...{ ...common, id: uuid('notification', 2), name: 'siem', description: '', tenantId: null, language: 'en' },
        target: { kind: 'syslog', host: 'siem.example.com', port: 6514, security: 'tls', ca: null, format: 'ocsf' },
        ...{ place: 'siem.example.com:6514', secretsSet: [] },
        state: { ...WELL, waiting: 1, failingSince: ago(3 * HOUR), failures: 40, problem, retryAt: ago(-MINUTE) },
      },
    ];
    const told: Pick<
      NotificationDelivery,
      'event' | 'alertId' | 'code' | 'severity' | 'vmName' | 'count' | 'createdAt'
    > = {
      ...{
        event: 'raised',
        alertId: uuid('alert', 1),
        code: 'port-scan',
        severity: 'high',
        vmName: 'aurora-web',
        count: 1,
      },
      createdAt: ago(6 * MINUTE),
    };
    deliveries = [
      {
        ...{ ...told, id: uuid('delivery', 1), routeId: uuid('notification', 1), routeName: 'soc', state: 'sent' },
        ...{ attempts: 1, finishedAt: ago(6 * MINUTE), nextAt: null, problem: null },
        answer: 'HTTP 200 {"code":0,"msg":"success"}',
      },
      {
        ...{ ...told, id: uuid('delivery', 2), routeId: uuid('notification', 2), routeName: 'siem', state: 'waiting' },
        ...{ attempts: 4, finishedAt: null, nextAt: ago(-MINUTE), problem, answer: null },
      },
    ];
  }
  const told = () => events.emit({ kind: 'changed', what: 'notifications' });
  const placeOf = ({ target }: Pick<NotificationRoute, 'target'>) =>
    'host' in target ? `${target.host}:${target.port}` : 'https://chat.example.com';
  return {
    listNotificationRoutes: ({ query }) => page(routes, query),
    getNotificationRoute: ({ params }) => find(routes, params.id),
    createNotificationRoute: ({ body: { secrets, ...body } }) => {
      const made = { revision: 0, changedAt: ago(0), state: { ...WELL, lastSentAt: null } };
      const id = uuid('notification', next());
      const secretsSet = Object.keys(secrets) as NotificationRoute['secretsSet'];
      if (body.target.kind === 'slack' && secrets.url === undefined)
        throw new Refused('invalid-request', {}, [{ field: 'secrets.url', code: 'missing', params: {} }]);
      const route: NotificationRoute = { ...body, ...made, id, secretsSet, place: placeOf(body) };
      routes = [...routes, route];
      told();
      return route;
    },
    updateNotificationRoute: ({ params, body: { secrets: _, ...body } }) => {
      const route = { ...find(routes, params.id), ...body, revision: body.revision + 1 };
      routes = routes.map((one) => (one.id === route.id ? route : one));
      told();
      return route;
    },
    deleteNotificationRoute: ({ params }) => {
      routes = routes.filter(({ id }) => id !== params.id);
      told();
      return undefined;
    },
    testNotificationRoute: ({ params }) => {
      const { state } = find(routes, params.id);
      const ok = state.problem === null;
      return { ok, milliseconds: 42, problem: state.problem, answer: ok ? 'HTTP 200 {"code":0}' : null };
    },
    listNotificationDeliveries: ({ query }) => page(deliveries, query),
  };
}
