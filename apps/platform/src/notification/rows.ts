import type { NotificationDelivery, NotificationRoute } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';

/** Routes with how much of theirs waits. What is secret is not read. */
export const selectRoutes = (db: Database | Tx) =>
  db
    .selectFrom('notification_routes as r')
    .select(['r.id', 'name', 'description', 'tenant_id', 'enabled', 'language', 'match', 'per_hour', 'target', 'place'])
    .select([
      'secret_names',
      'revision',
      'changed_at',
      'failures',
      'failing_since',
      'problem',
      'retry_at',
      'last_sent_at',
    ])
    .select([
      sql<number>`(select count(*) from notification_outbox where route_id = r.id and state = 'waiting')`.as('waiting'),
      sql<number>`(select count(*) from notification_outbox
        where route_id = r.id and state = 'held' and digest_id is null)`.as('held'),
    ]);
type RouteRow = Awaited<ReturnType<ReturnType<typeof selectRoutes>['executeTakeFirstOrThrow']>>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const toRoute = (row: RouteRow): NotificationRoute => ({
  id: row.id,
  name: row.name,
  description: row.description,
  tenantId: row.tenant_id,
  enabled: row.enabled,
  language: row.language,
  match: row.match,
  perHour: row.per_hour,
  target: row.target,
  place: row.place,
  secretsSet: row.secret_names,
  state: {
    waiting: row.waiting,
    held: row.held,
    lastSentAt: iso(row.last_sent_at),
    failingSince: iso(row.failing_since),
    failures: row.failures,
    problem: row.problem,
    retryAt: iso(row.retry_at),
  },
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
});

export const selectDeliveries = (db: Database) =>
  db
    .selectFrom('notification_outbox as o')
    .innerJoin('notification_routes as r', 'r.id', 'route_id')
    .select(['o.id as id', 'route_id', 'r.name as route_name', 'event', 'alert_id', 'code', 'severity', 'vm_name'])
    .select(['count', 'state', 'attempts', 'created_at', 'next_at', 'finished_at', 'o.problem as problem', 'answer']);
type DeliveryRow = Awaited<ReturnType<ReturnType<typeof selectDeliveries>['executeTakeFirstOrThrow']>>;

export const toDelivery = (row: DeliveryRow): NotificationDelivery => ({
  id: row.id,
  routeId: row.route_id,
  routeName: row.route_name,
  event: row.event,
  alertId: row.alert_id,
  code: row.code,
  severity: row.severity,
  vmName: row.vm_name,
  count: row.count,
  state: row.state,
  attempts: row.attempts,
  createdAt: row.created_at.toISOString(),
  finishedAt: iso(row.finished_at),
  nextAt: row.state === 'waiting' ? row.next_at.toISOString() : null,
  problem: row.problem,
  answer: row.answer,
});
