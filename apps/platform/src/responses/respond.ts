import { randomUUID } from 'node:crypto';
import type { Responding } from '@hypervigil/contract';
import { type AlertResponse, alertCan, type Playbook, type ResponseState } from '@hypervigil/model';
import { type Selectable, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';
import { carryOut } from './carry-out.ts';
import { getResponse, type ResponseRow } from './list.ts';

/** @throws ApiFailure `not-found`, `alert-not-in-state`, and why it cannot be done */
export function respondToAlert(db: Database, actor: Actor, alertId: string, asked: Responding): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    await lock(work.tx, 'responses');
    return respondIn(work, alertId, asked);
  });
}

/** Under the lock of responses. What the alert's response does already stays as it is; what a playbook asks for may wait for approval. */
export async function respondIn(
  work: Work,
  alertId: string,
  asked: Responding,
  playbook?: Pick<Playbook, 'id' | 'approvalMinutes' | 'changedBy'>,
): Promise<AlertResponse> {
  const { tx, actor, audit, changed } = work;
  const alert = await openAlert(tx, alertId);
  const same = await findSame(tx, alertId, asked, ['active']);
  if (same !== undefined) return getResponse(tx, same);
  const waits = playbook?.approvalMinutes ?? null;
  if (waits === null) await carryOut(work, alert, targetOf(asked), asked.reason);
  else if ((await findSame(tx, null, { ...asked, vmId: alert.vm_id }, ['waiting', 'active'])) !== undefined)
    throw new ApiFailure('asked-already', {});
  const id = randomUUID();
  await tx
    .insertInto('alert_responses')
    .values({
      ...{ id, alert_id: alertId, code: alert.code, action: asked.action, done_by: actor.name },
      ...{ vm_id: alert.vm_id, vm_name: alert.vm_name, tenant_id: alert.tenant_id, reason: asked.reason },
      ...{ ip: asked.ip ?? null, set_id: asked.addressSetId ?? null, set_name: await setName(tx, asked.addressSetId) },
      ...{
        minutes: asked.minutes ?? null,
        playbook_id: playbook?.id ?? null,
        playbook_by: playbook?.changedBy ?? null,
      },
      ...(waits === null
        ? { until: inMinutes(asked.minutes ?? null) }
        : { state: 'waiting' as const, waits_until: inMinutes(waits) }),
    })
    .execute();
  const done = await getResponse(tx, id);
  audit({
    action: waits === null ? 'alert.respond' : 'alert.response-asked',
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

export async function openAlert(tx: Tx, alertId: string): Promise<Selectable<AlertTable>> {
  const alert = await tx.selectFrom('alerts').selectAll().where('id', '=', alertId).executeTakeFirst();
  if (alert === undefined) throw notFound('alert', alertId);
  if (!alertCan('respond', alert.state))
    throw new ApiFailure('alert-not-in-state', { step: 'respond', stage: alert.state });
  return alert;
}

/** By the database's clock; null is never. */
export const inMinutes = (minutes: number | null) => sql<Date | null>`now() + make_interval(mins => ${minutes}::int)`;

const targetOf = ({ action, ip, addressSetId }: Responding): Pick<ResponseRow, 'action' | 'ip' | 'set_id'> => ({
  ...{ action, ip: ip ?? null, set_id: addressSetId ?? null },
});

async function setName(tx: Tx, id: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const set = await tx.selectFrom('address_sets').select('name').where('id', '=', id).executeTakeFirst();
  if (set === undefined) throw unknownId('addressSetId', 'address-set');
  return set.name;
}

/** A response that does the same: of this alert or, without one, to the same VM or address. */
async function findSame(
  tx: Tx,
  alertId: string | null,
  { action, ip, addressSetId, vmId }: Responding & { readonly vmId?: string },
  states: readonly ResponseState[],
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('alert_responses')
    .select('id')
    .where('action', '=', action)
    .where('state', 'in', states)
    .$if(alertId !== null, (b) => b.where('alert_id', '=', alertId!))
    .$if(alertId === null && action !== 'block-peer', (b) => b.where('vm_id', '=', vmId!))
    .where(sql<boolean>`ip is not distinct from ${ip ?? null} and set_id is not distinct from ${addressSetId ?? null}`)
    .executeTakeFirst();
  return row?.id;
}
