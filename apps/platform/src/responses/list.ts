import type { AlertResponse, ResponseState } from '@hypervigil/model';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { notFound } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import type { AlertResponseTable } from '../state/tables/alerts.ts';

export type ResponseRow = Selectable<AlertResponseTable>;

export const toResponse = (row: ResponseRow): AlertResponse => ({
  ...{ id: row.id, alertId: row.alert_id, code: row.code, action: row.action, state: row.state, reason: row.reason },
  ...{ vmId: row.vm_id, vmName: row.vm_name, tenantId: row.tenant_id },
  ...{ ip: row.ip, setId: row.set_id, setName: row.set_name },
  doneBy: row.done_by,
  playbookId: row.playbook_id,
  playbookBy: row.playbook_by,
  decidedBy: row.decided_by,
  waitsUntil: row.waits_until?.toISOString() ?? null,
  doneAt: row.created_at.toISOString(),
  until: row.until?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
  endedBy: row.ended_by,
  endReason: row.end_reason,
  answer: row.answer,
});

interface ResponseFilter extends ListInput {
  readonly alert?: string | undefined;
  readonly incident?: string | undefined;
  readonly vmId?: string | undefined;
  readonly state?: ResponseState | undefined;
}

/** `visible` speaks of `alert_responses.vm_id` and `alert_responses.tenant_id`. */
export function listResponses(
  db: Database,
  filter: ResponseFilter,
  visible: RawBuilder<boolean>,
): Promise<ListOf<AlertResponse>> {
  const { alert, incident, vmId, state, q } = filter;
  const found = db
    .selectFrom('alert_responses')
    .selectAll()
    .where(visible)
    .$if(alert !== undefined, (b) => b.where('alert_id', '=', alert!))
    .$if(incident !== undefined, (b) =>
      b.where(sql<boolean>`alert_id in (select id from alerts where incident_id = ${incident}::uuid)`),
    )
    .$if(vmId !== undefined, (b) => b.where('vm_id', '=', vmId!))
    .$if(state !== undefined, (b) => b.where('state', '=', state!))
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('vm_name', 'ilike', contains(q!)), e('ip', '=', q!), e('reason', 'ilike', contains(q!))])),
    );
  return listNewest(found, filter, toResponse);
}

/** @throws ApiFailure `not-found` */
export async function getResponse(db: Database | Tx, id: string): Promise<AlertResponse> {
  return toResponse(await findResponse(db, id));
}

export async function findResponse(db: Database | Tx, id: string): Promise<ResponseRow> {
  const row = await db.selectFrom('alert_responses').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('response', id);
  return row;
}
