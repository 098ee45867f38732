import { type AlertResponse, type ResponseAnswer, responseCan } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure } from '../errors.ts';
import type { Person } from '../identity/identity.ts';
import { tell } from '../notification/outbox.ts';
import type { Database } from '../state/database.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { findResponse, getResponse } from './list.ts';

/**
 * Ends a question with what the tenant says of it; the provider is told.
 * @throws ApiFailure `not-found`, `not-a-question`, `only-tenant-answers`
 */
export function answerResponse(
  db: Database,
  actor: Actor,
  { tenantId }: Pick<Person, 'tenantId'>,
  id: string,
  { answer, text }: { readonly answer: ResponseAnswer; readonly text: string },
): Promise<AlertResponse> {
  return transact(db, actor, async (work) => {
    await lock(work.tx, 'responses');
    const row = await findResponse(work.tx, id);
    if (!responseCan('answer', row)) throw new ApiFailure('not-a-question', {});
    if (tenantId === null || tenantId !== row.tenant_id) throw new ApiFailure('only-tenant-answers', {});
    await work.tx
      .updateTable('alert_responses')
      .set({ state: 'answered', answer, ended_at: sql<Date>`now()`, ended_by: actor.name, end_reason: text })
      .where('id', '=', id)
      .execute();
    if (row.alert_id !== null) await tell(work, row.alert_id, 'answered', { text: row.reason, answer, said: text });
    work.audit({
      action: 'alert.response-answered',
      subject: row.alert_id === null ? `vm:${row.vm_id}` : `alert:${row.alert_id}`,
      params: { alert: row.code, kind: row.action, vmId: row.vm_id, answer, reason: text },
    });
    work.changed('alerts');
    return getResponse(work.tx, id);
  });
}
