import { type AlertResponse, responseCan } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, lock, PLATFORM, transact, type Work } from '../state/work.ts';
import { takeBack } from './carry-out.ts';
import { findResponse, type ResponseRow, toResponse } from './list.ts';

/** @throws ApiFailure `not-found`, `response-over` */
export function undoResponse(db: Database, actor: Actor, id: string, reason: string): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    await lock(work.tx, 'responses');
    const row = await findResponse(work.tx, id);
    if (!responseCan('undo', row)) throw new ApiFailure('response-over', {});
    await undoIn(work, row, reason);
    return toResponse(await findResponse(work.tx, id));
  });
}

/** What its time is over for, in the name of the playbook that did it, each by itself: one that cannot be undone keeps none of the others waiting. */
export async function undoDue(db: Database): Promise<void> {
  const due = await db
    .selectFrom('alert_responses')
    .select(['id', 'done_by', 'playbook_id'])
    .where('state', '=', 'active')
    .where(sql<boolean>`until <= now()`)
    .orderBy('until')
    .execute();
  const failures: unknown[] = [];
  for (const { id, done_by, playbook_id } of due)
    await transact(db, playbook_id === null ? PLATFORM : { name: done_by, requestId: null }, async (work) => {
      await lock(work.tx, 'responses');
      const row = await findResponse(work.tx, id);
      // Another platform, or a person, may have been here first.
      if (responseCan('undo', row)) await undoIn(work, row, null);
    }).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, 'responses could not be undone');
}

/** @param reason null: its time is over */
async function undoIn(work: Work, row: ResponseRow, reason: string | null): Promise<void> {
  const { tx, actor, audit, changed } = work;
  const isUndone = await takeBack(work, row, reason ?? row.reason);
  await tx
    .updateTable('alert_responses')
    .set({
      state: isUndone ? 'undone' : 'overtaken',
      ended_at: sql<Date>`now()`,
      ended_by: actor.name,
      end_reason: reason,
    })
    .where('id', '=', row.id)
    .execute();
  audit({
    action: 'alert.response-undone',
    subject: row.alert_id === null ? `vm:${row.vm_id}` : `alert:${row.alert_id}`,
    params: {
      ...{ alert: row.code, kind: row.action, vmId: row.vm_id },
      ...(reason !== null && { reason }),
      ...(row.ip !== null && { address: row.ip, name: row.set_name }),
    },
  });
  changed('alerts');
}
