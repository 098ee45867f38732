import { randomUUID } from 'node:crypto';
import type { AlertDetail, Closing } from '@hypervigil/contract';
import {
  type Alert,
  type AlertAction,
  type AlertCode,
  type AlertState,
  alertCan,
  type Severity,
} from '@hypervigil/model';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import type { Person } from '../identity/identity.ts';
import { tell } from '../notification/outbox.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import type { AlertTable } from '../state/tables/alerts.ts';
import { type Actor, transact, type Work } from '../state/work.ts';
import { makeException, toException } from './exceptions.ts';
import { toAlert } from './rows.ts';

interface AlertFilter extends ListInput {
  readonly state?: AlertState | undefined;
  readonly severity?: Severity | undefined;
  readonly code?: AlertCode | undefined;
  readonly vmId?: string | undefined;
}

/** `visible` speaks of `alerts.vm_id` and `alerts.tenant_id`. */
export function listAlerts(db: Database, filter: AlertFilter, visible: RawBuilder<boolean>): Promise<ListOf<Alert>> {
  const { state, severity, code, vmId, q } = filter;
  const found = db
    .selectFrom('alerts')
    .selectAll()
    .where(visible)
    .$if(state !== undefined, (b) => b.where('state', '=', state!))
    .$if(severity !== undefined, (b) => b.where('severity', '=', severity!))
    .$if(code !== undefined, (b) => b.where('code', '=', code!))
    .$if(vmId !== undefined, (b) => b.where('vm_id', '=', vmId!))
    .$if(q !== undefined, (b) =>
      b.where((e) => e.or([e('vm_name', 'ilike', contains(q!)), e(sql<string>`code`, 'ilike', contains(q!))])),
    );
  return listNewest(found, filter, toAlert);
}

/** @throws ApiFailure `not-found` */
export async function getAlert(db: Database | Tx, id: string): Promise<AlertDetail> {
  const row = await db.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('alert', id);
  const comments = await db
    .selectFrom('alert_comments')
    .selectAll()
    .where('alert_id', '=', id)
    .orderBy('at')
    .orderBy('id')
    .execute();
  const exception = await db
    .selectFrom('alert_exceptions')
    .selectAll()
    .where('alert_id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return {
    ...toAlert(row),
    exception: exception === undefined ? null : toException(exception),
    comments: comments.map(({ id, at, author, text }) => ({ id, at: at.toISOString(), author, text })),
  };
}

export const triageAlert = (db: Database, actor: Actor, id: string): Promise<AlertDetail> =>
  act(db, actor, 'triage', id, async () => ({ state: 'triaged' }));

export const startAlert = (db: Database, actor: Actor, id: string): Promise<AlertDetail> =>
  act(db, actor, 'start', id, async (_, { assignee }) => ({
    state: 'in-progress',
    assignee: assignee ?? actor.name,
  }));

export const closeAlert = (db: Database, actor: Actor, id: string, closing: Closing): Promise<AlertDetail> =>
  act(db, actor, 'close', id, closingOf(closing));

export const closeIn = (work: Work, id: string, closing: Closing): Promise<void> =>
  actIn(work, 'close', id, closingOf(closing));

const closingOf =
  ({ resolution, comment, exceptionDays: days, exceptionFor: extent }: Closing): Acting =>
  async (work, alert) => {
    const { tx, actor } = work;
    if (comment !== undefined) await addComment(tx, actor, alert.id, comment);
    if (resolution === 'expected' && days !== 0)
      await makeException(work, actor, alert, { days, extent, reason: comment ?? '' });
    return { state: 'closed', resolution };
  };

type Assigner = Pick<Person, 'tenantId'>;

/**
 * Who works on alerts is the provider's, or of the tenant whose VM it is about; a tenant's people name none but their own.
 * @throws ApiFailure `invalid-request` with `unknown-id`
 */
export const assignAlert = (
  db: Database,
  actor: Actor,
  person: Assigner,
  id: string,
  assignee: string | null,
): Promise<AlertDetail> => act(db, actor, 'assign', id, assigningOf(person, assignee));

export const assignIn = (work: Work, person: Assigner, id: string, assignee: string | null): Promise<void> =>
  actIn(work, 'assign', id, assigningOf(person, assignee));

const assigningOf =
  (person: Assigner, assignee: string | null): Acting =>
  async ({ tx }, alert) => {
    if (assignee === null) return { assignee };
    const account = await tx
      .selectFrom('users')
      .select('tenant_id')
      .where('name', '=', assignee)
      .where('disabled', '=', false)
      .executeTakeFirst();
    const isTheirs = account?.tenant_id === alert.tenant_id;
    const may = account !== undefined && (isTheirs || (person.tenantId === null && account.tenant_id === null));
    if (!may) throw unknownId('assignee', 'account');
    return { assignee };
  };

export const commentAlert = (db: Database, actor: Actor, id: string, text: string): Promise<AlertDetail> =>
  act(db, actor, 'comment', id, async ({ tx }) => {
    await addComment(tx, actor, id, text);
    return {};
  });

type Change = Partial<Pick<Alert, 'state' | 'resolution' | 'assignee'>>;
type Acting = (work: Work, alert: Selectable<AlertTable>) => Promise<Change>;

const act = (db: Database, actor: Actor, action: AlertAction, id: string, change: Acting): Promise<AlertDetail> =>
  transact(db, actor, async (work) => {
    await actIn(work, action, id, change);
    return getAlert(work.tx, id);
  });

/** @throws ApiFailure `not-found`, `alert-not-in-state` */
async function actIn(work: Work, action: AlertAction, id: string, change: Acting): Promise<void> {
  const { tx, audit, changed } = work;
  const alert = await tx.selectFrom('alerts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (alert === undefined) throw notFound('alert', id);
  if (!alertCan(action, alert.state)) throw new ApiFailure('alert-not-in-state', { step: action, stage: alert.state });
  const set = await change(work, alert);
  if (Object.keys(set).length > 0) await tx.updateTable('alerts').set(set).where('id', '=', id).execute();
  if (set.state === 'closed') await tell(work, id, 'closed');
  audit({
    action: `alert.${action}`,
    subject: `alert:${id}`,
    params: { alert: alert.code, vmId: alert.vm_id, ...set },
  });
  changed('alerts');
}

async function addComment(tx: Tx, actor: Actor, alertId: string, text: string): Promise<void> {
  await tx
    .insertInto('alert_comments')
    .values({ id: randomUUID(), alert_id: alertId, author: actor.name, text })
    .execute();
}
