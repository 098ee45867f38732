import { type AlertResponse, type ResponseState, responseCan } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, lock, PLATFORM, transact, type Work } from '../state/work.ts';
import { carryOut } from './carry-out.ts';
import { findResponse, getResponse, type ResponseRow } from './list.ts';
import { inMinutes, openAlert } from './respond.ts';

/**
 * Whoever wrote the playbook, as it was when it asked, cannot.
 * @throws ApiFailure `not-found`, `response-not-waiting`, `own-playbook`, and why it cannot be done any more; then it still waits
 */
export function approveResponse(db: Database, actor: Actor, id: string): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    const row = await findWaiting(work, id);
    if (row.playbook_by === actor.name) throw new ApiFailure('own-playbook', {});
    const alert = await openAlert(work.tx, row.alert_id!);
    await carryOut(work, alert, row, row.reason);
    await work.tx
      .updateTable('alert_responses')
      .set({ ...{ state: 'active', decided_by: actor.name, waits_until: null }, until: inMinutes(row.minutes) })
      .set({ created_at: sql<Date>`now()` })
      .where('id', '=', id)
      .execute();
    tellOf(work, row, 'alert.response-approved');
    return getResponse(work.tx, id);
  });
}

/** @throws ApiFailure `not-found`, `response-not-waiting` */
export function declineResponse(db: Database, actor: Actor, id: string, reason: string): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    const row = await findWaiting(work, id);
    await end(work, id, 'declined', reason);
    await work.tx.updateTable('alert_responses').set({ decided_by: actor.name }).where('id', '=', id).execute();
    tellOf(work, { ...row, reason }, 'alert.response-declined');
    return getResponse(work.tx, id);
  });
}

/** What nobody has approved in time is not done; nor what waits of an alert that is forgotten. */
export async function lapseDue(db: Database): Promise<void> {
  const due = () => sql<boolean>`state = 'waiting' and (waits_until <= now() or alert_id is null)`;
  const some = await db.selectFrom('alert_responses').select('id').where(due()).limit(1).execute();
  if (some.length === 0) return;
  await transact(db, PLATFORM, async (work) => {
    await lock(work.tx, 'responses');
    for (const row of await work.tx.selectFrom('alert_responses').selectAll().where(due()).execute()) {
      await end(work, row.id, 'lapsed', null);
      tellOf(work, row, 'alert.response-lapsed');
    }
  });
}

async function findWaiting(work: Work, id: string): Promise<ResponseRow> {
  await lock(work.tx, 'responses');
  const row = await findResponse(work.tx, id);
  if (!responseCan('approve', row) || row.alert_id === null) throw new ApiFailure('response-not-waiting', {});
  return row;
}

async function end({ tx, actor }: Work, id: string, state: ResponseState, reason: string | null): Promise<void> {
  await tx
    .updateTable('alert_responses')
    .set({ state, ended_at: sql<Date>`now()`, ended_by: actor.name, end_reason: reason, waits_until: null })
    .where('id', '=', id)
    .execute();
}

type Decided = 'alert.response-approved' | 'alert.response-declined' | 'alert.response-lapsed';

function tellOf({ audit, changed }: Work, row: ResponseRow, action: Decided): void {
  audit({
    action,
    subject: row.alert_id === null ? `vm:${row.vm_id}` : `alert:${row.alert_id}`,
    params: {
      ...{ alert: row.code, kind: row.action, vmId: row.vm_id, reason: row.reason, owner: row.done_by },
      ...(row.ip !== null && { address: row.ip, name: row.set_name }),
    },
  });
  changed('alerts');
}
