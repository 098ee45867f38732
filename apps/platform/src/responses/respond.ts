import { randomUUID } from 'node:crypto';
import type { Responding } from '@hypervigil/contract';
import { type AlertResponse, alertCan } from '@hypervigil/model';
import { type Selectable, sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { quarantineIn } from '../inventory/quarantine.ts';
import type { Database, Tx } from '../state/database.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { blockIn } from './block.ts';
import { getResponse } from './list.ts';

type AlertRow = Selectable<AlertTable>;

/** @throws ApiFailure `not-found`, `alert-not-in-state`, and why it cannot be done */
export function respondToAlert(db: Database, actor: Actor, alertId: string, asked: Responding): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    await lock(work.tx, 'responses');
    return respondIn(work, alertId, asked);
  });
}

/** Under the lock of responses. What the alert's response does already stays as it is. */
async function respondIn(work: Work, alertId: string, asked: Responding): Promise<AlertResponse> {
  const { tx, actor, audit, changed } = work;
  const alert = await tx.selectFrom('alerts').selectAll().where('id', '=', alertId).executeTakeFirst();
  if (alert === undefined) throw notFound('alert', alertId);
  if (!alertCan('respond', alert.state))
    throw new ApiFailure('alert-not-in-state', { step: 'respond', stage: alert.state });
  const same = await findSame(tx, alertId, asked);
  if (same !== undefined) return getResponse(tx, same);
  const id = randomUUID();
  const what = await carryOut(work, alert, asked);
  await tx
    .insertInto('alert_responses')
    .values({
      ...{ id, alert_id: alertId, code: alert.code, action: asked.action, ...what, done_by: actor.name },
      ...{ vm_id: alert.vm_id, vm_name: alert.vm_name, tenant_id: alert.tenant_id, reason: asked.reason },
      until: asked.minutes === undefined ? null : sql<Date>`now() + make_interval(mins => ${asked.minutes})`,
    })
    .execute();
  const done = await getResponse(tx, id);
  audit({
    action: 'alert.respond',
    subject: `alert:${alertId}`,
    params: {
      ...{ alert: alert.code, kind: asked.action, vmId: alert.vm_id, reason: asked.reason },
      ...(done.ip !== null && { address: done.ip, name: done.setName }),
      ...(done.until !== null && { endsOn: done.until }),
    },
  });
  changed('alerts');
  return done;
}

async function findSame(tx: Tx, alertId: string, { action, ip, addressSetId }: Responding) {
  const row = await tx
    .selectFrom('alert_responses')
    .select('id')
    .where('alert_id', '=', alertId)
    .where('action', '=', action)
    .where('state', '=', 'active')
    .where(sql<boolean>`ip is not distinct from ${ip ?? null} and set_id is not distinct from ${addressSetId ?? null}`)
    .executeTakeFirst();
  return row?.id;
}

async function carryOut(work: Work, alert: AlertRow, { action, reason, ip, addressSetId }: Responding) {
  if (action === 'block-peer')
    return { ip: ip!, set_id: addressSetId!, set_name: await blockIn(work, alert, ip!, addressSetId!) };
  await quarantineIn(work, alert.vm_id, reason);
  return { ip: null, set_id: null, set_name: null };
}
