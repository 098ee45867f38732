import { randomUUID } from 'node:crypto';
import {
  type AlertCode,
  type AlertException,
  type AlertPeer,
  EXCEPTION_DAYS,
  type ExceptionExtent,
  type Id,
} from '@hypervigil/model';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import type { AlertExceptionTable, AlertTable } from '../state/tables/alerts.ts';
import { type Actor, transact, type Work } from '../state/work.ts';
import type { DetectionOfVm } from './raise.ts';

export const toException = (row: Selectable<AlertExceptionTable>): AlertException => ({
  ...{ id: row.id, alertId: row.alert_id, code: row.code, peers: row.peers, owner: row.owner, reason: row.reason },
  ...{ vmId: row.vm_id, vmName: row.vm_name, tenantId: row.tenant_id, swallowed: row.swallowed },
  extent: row.about === null ? 'any' : 'same',
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  swallowedAt: row.swallowed_at?.toISOString() ?? null,
});

interface ExceptionFilter extends ListInput {
  readonly code?: AlertCode | undefined;
  readonly vmId?: string | undefined;
}

/** `visible` speaks of `alert_exceptions.vm_id` and `alert_exceptions.tenant_id`. */
export function listExceptions(
  db: Database,
  filter: ExceptionFilter,
  visible: RawBuilder<boolean>,
): Promise<ListOf<AlertException>> {
  const { code, vmId, q } = filter;
  const found = db
    .selectFrom('alert_exceptions')
    .selectAll()
    .where(visible)
    .$if(code !== undefined, (b) => b.where('code', '=', code!))
    .$if(vmId !== undefined, (b) => b.where('vm_id', '=', vmId!))
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('vm_name', 'ilike', contains(q!)), e('owner', 'ilike', contains(q!))])),
    );
  return listNewest(found, filter, toException);
}

/** What somebody expects who closes an alert as expected. */
export interface Expected {
  readonly days?: number | undefined;
  readonly extent?: ExceptionExtent | undefined;
  readonly reason: string;
}

/** Of a VM that is gone nothing is expected. */
export async function makeException(
  { tx, audit }: Pick<Work, 'tx' | 'audit'>,
  actor: Actor,
  alert: Selectable<AlertTable>,
  { days = EXCEPTION_DAYS, extent = 'same', reason }: Expected,
): Promise<void> {
  const { rows } = await sql<{ id: Id; expiresAt: Date }>`
    insert into alert_exceptions (id, alert_id, vm_id, vm_name, tenant_id, code, about, peers, owner, reason, expires_at)
    select ${randomUUID()}::uuid, ${alert.id}::uuid, id, name, tenant_id, ${alert.code}, ${extent === 'any' ? null : alert.about}::text,
      ${extent === 'any' ? [] : addressesOf(alert.peers)}::text[], ${actor.name}, ${reason},
      now() + make_interval(days => ${days})
    from vms where id = ${alert.vm_id}::uuid and tenant_id is not distinct from ${alert.tenant_id}::uuid
    returning id, expires_at as "expiresAt"`.execute(tx);
  for (const { id, expiresAt } of rows)
    audit({
      action: 'alert-exception.created',
      subject: `alert-exception:${id}`,
      params: { alert: alert.code, vmId: alert.vm_id, reason, endsOn: expiresAt.toISOString() },
    });
}

/**
 * Whether a detection is expected; the exception that says so counts it. One that is for the same behaviour has to name every other
 * end. A VM that another tenant has by now does what that tenant has not said.
 */
export async function isExpected(tx: Tx, { vmId, code, about, peers }: DetectionOfVm): Promise<boolean> {
  const { rows } = await sql<{ id: Id }>`
    update alert_exceptions set swallowed = least(swallowed, 2147483646) + 1, swallowed_at = now()
    where id = (
      select e.id from alert_exceptions as e join vms on vms.id = e.vm_id and vms.tenant_id is not distinct from e.tenant_id
      where e.vm_id = ${vmId}::uuid and e.code = ${code} and e.expires_at > now()
        and (e.about is null or (e.about = ${about} and e.peers @> ${addressesOf(peers)}::text[]))
      order by e.created_at limit 1)
    returning id`.execute(tx);
  return rows.length > 0;
}

const addressesOf = (peers: readonly AlertPeer[]): string[] => [...new Set(peers.map(({ ip }) => ip))];

/** @throws ApiFailure `not-found` */
export function deleteException(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('alert_exceptions').where('id', '=', id).returningAll().executeTakeFirst();
    if (row === undefined) throw notFound('alert-exception', id);
    audit({
      action: 'alert-exception.deleted',
      subject: `alert-exception:${id}`,
      params: { alert: row.code, vmId: row.vm_id, owner: row.owner },
    });
    changed('alerts');
  });
}
