import { randomUUID } from 'node:crypto';
import type { NotifiedEvent } from '@hypervigil/model';
import { cutForTenant, type Question, tells } from '@hypervigil/notify';
import { sql } from 'kysely';
import { toAlert } from '../detect/rows.ts';
import type { NotificationContent } from '../state/tables/notifications.ts';
import type { Work } from '../state/work.ts';

/**
 * Puts what has become of an alert into the outbox of every route that tells it, in the transaction in which it became so: a
 * message is lost only together with what it tells.
 */
export async function tell(
  { tx, changed }: Pick<Work, 'tx' | 'changed'>,
  alertId: string,
  event: NotifiedEvent,
  question?: Question,
): Promise<void> {
  const routes = await tx
    .selectFrom('notification_routes')
    .select(['id', 'tenant_id', 'match'])
    .where('enabled', '=', true)
    .where(sql<boolean>`(tenant_id is null or tenant_id = (select tenant_id from alerts where id = ${alertId}::uuid))`)
    .execute();
  if (routes.length === 0) return;
  const row = await tx
    .selectFrom('alerts')
    .leftJoin('vms', 'vms.id', 'vm_id')
    .leftJoin('tenants', 'tenants.id', 'alerts.tenant_id')
    .selectAll('alerts')
    .select(['vms.tags', 'tenants.name as tenant_name'])
    .where('alerts.id', '=', alertId)
    .executeTakeFirstOrThrow();
  const alert = toAlert(row);
  const told = { ...alert, event, tags: row.tags ?? {} };
  const tenant = alert.tenantId === null ? null : { id: alert.tenantId, name: row.tenant_name ?? '' };
  const contentFor = (ownerId: string | null): NotificationContent => ({
    alert: ownerId === null ? alert : cutForTenant(alert, ownerId),
    tenant,
    ...(question && { question }),
  });
  const rows = routes
    .filter(({ tenant_id, match }) => tells(tenant_id, match, told))
    .map(({ id, tenant_id }) => ({
      ...{ id: randomUUID(), route_id: id, event, alert_id: alertId },
      ...{ code: alert.code, severity: alert.severity, vm_name: alert.vmName },
      content: JSON.stringify(contentFor(tenant_id)),
    }));
  if (rows.length === 0) return;
  await tx.insertInto('notification_outbox').values(rows).execute();
  changed('notifications');
}
