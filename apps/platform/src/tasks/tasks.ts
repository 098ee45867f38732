import { randomUUID } from 'node:crypto';
import { type AuditSubject, type Task, type TaskKind, type TaskState, type VmAction, vmCan } from '@hypervigil/model';
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { ApiFailure, badField, notFound, unknownId } from '../errors.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listNewest } from '../state/paging.ts';
import type { TaskTable } from '../state/tables/work.ts';
import { type Actor, transact, type Work } from '../state/work.ts';
import { inSeconds, QUEUE_SECONDS } from './leases.ts';

function toTask(row: Selectable<TaskTable>): Task {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    hostId: row.host_id,
    vmId: row.vm_id,
    params: row.params,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    progress: row.progress,
    error: row.error,
  };
}

export interface TaskFilter extends ListInput {
  readonly state?: TaskState | undefined;
  readonly vmId?: string | undefined;
  readonly hostId?: string | undefined;
}

/** `visible` speaks of the VM that a task is about; null is the task of no VM. */
export function listTasks(
  db: Database,
  filter: TaskFilter,
  visible: RawBuilder<boolean> | null,
): Promise<ListOf<Task>> {
  const found = db
    .selectFrom('tasks')
    .selectAll()
    .$if(visible !== null, (b) =>
      b.where(sql<boolean>`exists (select from vms where vms.id = tasks.vm_id and ${visible})`),
    )
    .$if(filter.state !== undefined, (b) => b.where('state', '=', filter.state!))
    .$if(filter.vmId !== undefined, (b) => b.where('vm_id', '=', filter.vmId!))
    .$if(filter.hostId !== undefined, (b) => b.where('host_id', '=', filter.hostId!))
    .$if(filter.q !== undefined, (b) =>
      b.where((e) =>
        e.or([e(sql<string>`kind`, 'ilike', contains(filter.q!)), e('created_by', 'ilike', contains(filter.q!))]),
      ),
    );
  return listNewest(found, filter, toTask);
}

export async function findTasks(db: Database, ids: readonly string[]): Promise<Task[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('tasks').selectAll().where('id', 'in', ids).execute()).map(toTask);
}

export async function getTask(db: Database, id: string): Promise<Task> {
  const [task] = await findTasks(db, [id]);
  if (task === undefined) throw notFound('task', id);
  return task;
}

/** @throws ApiFailure `host-offline` */
async function requireOnline(tx: Tx, hostId: string): Promise<{ name: string; uri: string | null }> {
  const host = await tx
    .selectFrom('hosts')
    .select(['name', 'revoked', 'channel_id', 'facts'])
    .where('id', '=', hostId)
    .executeTakeFirst();
  if (host === undefined) throw notFound('host', hostId);
  if (host.revoked || host.channel_id === null) throw new ApiFailure('host-offline', { host: host.name });
  return { name: host.name, uri: host.facts?.migrationUri ?? null };
}

/** What a task is about, in the audit. */
export const subjectOf = (hostId: string, vmId: string | null): AuditSubject =>
  vmId === null ? `host:${hostId}` : `vm:${vmId}`;

/** Of a migration. */
interface TaskParams {
  readonly toHostId?: string;
  readonly toHostName?: string;
  readonly uri?: string;
}

async function addTask(
  { tx, actor, audit, changed }: Work,
  task: { kind: TaskKind; hostId: string; vmId: string | null; params: TaskParams },
): Promise<Task> {
  const row = await tx
    .insertInto('tasks')
    .values({
      id: randomUUID(),
      kind: task.kind,
      state: 'queued',
      host_id: task.hostId,
      vm_id: task.vmId,
      params: JSON.stringify(task.params),
      created_by: actor.name,
      lease_until: inSeconds(QUEUE_SECONDS),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const subject = subjectOf(task.hostId, task.vmId);
  audit({ action: task.kind, subject, params: { task: row.id, ...task.params } });
  changed('task', row.id);
  return toTask(row);
}

export function syncHost(db: Database, actor: Actor, hostId: string): Promise<Task> {
  return transact(db, actor, async (work) => {
    await requireOnline(work.tx, hostId);
    return addTask(work, { kind: 'host.sync', hostId, vmId: null, params: {} });
  });
}

/** @throws ApiFailure `not-found`, `not-allowed-in-state`, `host-offline`, `invalid-request` */
export function actOnVm(db: Database, actor: Actor, action: VmAction, vmId: string, toHostId?: string): Promise<Task> {
  return transact(db, actor, async (work) => {
    const vm = await work.tx
      .selectFrom('vms')
      .select(['name', 'state', 'host_id'])
      .where('id', '=', vmId)
      .forUpdate()
      .executeTakeFirst();
    if (vm === undefined) throw notFound('vm', vmId);
    if (vm.host_id === null || !vmCan(action, vm.state))
      throw new ApiFailure('not-allowed-in-state', { action, state: vm.state });
    await requireOnline(work.tx, vm.host_id);
    await requireIdle(work.tx, vmId);
    const params = toHostId === undefined ? {} : await migrationParams(work.tx, vm.host_id, toHostId);
    return addTask(work, { kind: `vm.${action}`, hostId: vm.host_id, vmId, params });
  });
}

/** @throws ApiFailure `vm-busy`: two operations on one VM would race on its host */
async function requireIdle(tx: Tx, vmId: string): Promise<void> {
  const busy = await tx
    .selectFrom('tasks')
    .select(['id', 'kind'])
    .where('vm_id', '=', vmId)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst();
  if (busy !== undefined) throw new ApiFailure('vm-busy', { kind: busy.kind, task: busy.id });
}

async function migrationParams(tx: Tx, fromHostId: string, toHostId: string): Promise<TaskParams> {
  if (fromHostId === toHostId) throw badField('toHostId', { code: 'same-host', params: {} });
  const exists = await tx.selectFrom('hosts').select('id').where('id', '=', toHostId).executeTakeFirst();
  if (exists === undefined) throw unknownId('toHostId', 'host');
  const { name, uri } = await requireOnline(tx, toHostId);
  return { toHostId, toHostName: name, uri: uri ?? `qemu+tls://${name}/system` };
}
