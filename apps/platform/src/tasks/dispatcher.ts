import type { EngineMessage } from '@hypervigil/contract';
import { type Selectable, sql } from 'kysely';
import type { Logger } from 'pino';
import type { GreetedChannel } from '../channel/channel.ts';
import type { Database } from '../state/database.ts';
import type { TaskTable } from '../state/tables/work.ts';
import { PLATFORM, transact } from '../state/work.ts';
import { inSeconds, LEASE_SECONDS, QUEUE_SECONDS, TAKE_SECONDS } from './leases.ts';
import { createStepWatch } from './step-watch.ts';
import { subjectOf } from './tasks.ts';

const ORDER = ['id', 'kind', 'vm_id', 'params'] as const;
type Order = Pick<Selectable<TaskTable>, (typeof ORDER)[number]>;

const ENGINE_RESTARTED = {
  code: 'engine-restarted',
  message: 'The engine restarted before it told how this ended.',
};

export interface TaskDispatcher {
  /** Which of these hosts have tasks that wait. */
  waiting(hostIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Sends what waits for this host. */
  dispatch(channel: GreetedChannel): Promise<void>;
  /**
   * Of an engine that came back: sends again what its process was sent before, for the process does nothing twice, and
   * gives up what another process of it was sent, for nobody knows whether that was done.
   */
  resume(channel: GreetedChannel): Promise<void>;
  report(hostId: string, message: Extract<EngineMessage, { type: 'task' }>): Promise<void>;
  /** Gives up what nobody speaks of any more. */
  expire(): Promise<void>;
}

/** A step that no load explains; leases are half a minute and more. */
const LEAST_STEP_MS = 10_000;

/**
 * Tasks are rows; whoever takes a row from `queued` to `running` sends it, so it is done at most once. A migration waits until
 * its target says that it enforces the newest intent: the VM's protection is there before the VM is.
 */
export function createDispatcher(db: Database, logger: Logger): TaskDispatcher {
  const clock = createStepWatch(LEAST_STEP_MS, () => performance.now());

  function send(channel: GreetedChannel, { id, kind, vm_id, params }: Order): void {
    logger.info({ task: id, kind, hostId: channel.engine.hostId }, 'a task is sent');
    channel.send({ type: 'task', id, kind, vmId: vm_id, params, leaseSeconds: LEASE_SECONDS });
  }

  return {
    async waiting(hostIds) {
      if (hostIds.length === 0) return new Set();
      const query = db.selectFrom('tasks').select('host_id').distinct().where('state', '=', 'queued');
      const rows = await query.where('host_id', 'in', hostIds).execute();
      return new Set(rows.flatMap((row) => row.host_id ?? []));
    },

    async dispatch(channel) {
      const { hostId } = channel.engine;
      const taken = await transact(db, PLATFORM, async ({ tx, changed }) => {
        const rows = await tx
          .updateTable('tasks')
          .set({
            state: 'running',
            started_at: new Date(),
            sent_to: channel.processId,
            lease_until: inSeconds(TAKE_SECONDS),
          })
          .where('host_id', '=', hostId)
          .where('state', '=', 'queued')
          .where('lease_until', '>', sql<Date>`now()`)
          .where(targetIsReady)
          .returning(ORDER)
          .execute();
        for (const { id } of rows) changed('task', id);
        return rows;
      });
      for (const order of taken) send(channel, order);
    },

    async resume(channel) {
      const { hostId } = channel.engine;
      const known = await transact(db, PLATFORM, async ({ tx, audit, changed }) => {
        const running = tx.updateTable('tasks').where('host_id', '=', hostId).where('state', '=', 'running');
        const lost = await running
          .set({ state: 'failed', ended_at: new Date(), error: JSON.stringify(ENGINE_RESTARTED) })
          .where('sent_to', 'is distinct from', channel.processId)
          .returning(['id', 'kind', 'vm_id'])
          .execute();
        for (const { id, kind, vm_id } of lost) {
          const subject = subjectOf(hostId, vm_id);
          audit({ action: `${kind}.ended`, subject, params: { task: id, error: ENGINE_RESTARTED }, outcome: 'failed' });
          changed('task', id);
        }
        return running
          .set({ lease_until: inSeconds(TAKE_SECONDS) })
          .returning(ORDER)
          .execute();
      });
      for (const order of known) send(channel, order);
    },

    async report(hostId, { id, state, progress, error }) {
      await transact(db, { name: 'platform', requestId: null }, async ({ tx, audit, changed }) => {
        const ended = state === 'running' ? {} : { ended_at: new Date() };
        const row = await tx
          .updateTable('tasks')
          .set({
            state,
            progress: state === 'done' ? 1 : progress,
            error: error === null ? null : JSON.stringify(error),
            lease_until: inSeconds(LEASE_SECONDS),
            ...ended,
          })
          .where('id', '=', id)
          // A host speaks of its own tasks only, and what has ended stays so.
          .where('host_id', '=', hostId)
          .where('state', '=', 'running')
          .returning(['kind', 'vm_id'])
          .executeTakeFirst();
        if (row === undefined) return;
        changed('task', id);
        if (state === 'running') return;
        const subject = subjectOf(hostId, row.vm_id);
        audit({ action: `${row.kind}.ended`, subject, params: { task: id, error }, outcome: state });
      });
    },

    async expire() {
      const { now, overdue } = await lookAtLeases(db);
      if (clock.wasSet(now.getTime())) return restartLeases(db, now);
      if (!overdue) return;
      await transact(db, PLATFORM, async ({ tx, audit, changed }) => {
        const rows = await tx
          .updateTable('tasks')
          .set({ state: 'failed', ended_at: new Date(), error: expiry })
          .where('state', 'in', ['queued', 'running'])
          .where('lease_until', '<', now)
          .returning(['id', 'kind', 'error'])
          .execute();
        for (const { id, kind, error } of rows) {
          audit({ action: `${kind}.ended`, subject: `task:${id}`, params: { error }, outcome: 'failed' });
          changed('task', id);
        }
      });
    },
  };
}

/** The database's clock, which leases are counted on, and whether one is over. */
async function lookAtLeases(db: Database): Promise<{ now: Date; overdue: boolean }> {
  const { rows } = await sql<{ now: Date; overdue: boolean }>`select clock_timestamp() as now,
    exists (select from tasks where state in ('queued', 'running') and lease_until < now()) as overdue`.execute(db);
  return rows[0]!;
}

/** What was counted on a clock that was set since would end at once, or never: it begins anew. */
async function restartLeases(db: Database, now: Date): Promise<void> {
  const seconds = { queued: QUEUE_SECONDS, running: LEASE_SECONDS };
  for (const state of ['queued', 'running'] as const)
    await db
      .updateTable('tasks')
      .set({ lease_until: new Date(now.getTime() + seconds[state] * 1000) })
      .where('state', '=', state)
      .execute();
}

const targetIsReady = sql<boolean>`(tasks.kind <> 'vm.migrate' or exists (
  select from hosts where hosts.id = (tasks.params->>'toHostId')::uuid
    and not revoked and channel_id is not null and apply_error is null and applied_revision = intent_revision))`;

const expiry = sql<string>`case
  when state = 'running' then jsonb_build_object('code', 'lease-expired', 'message', 'The host said nothing of it any more.')
  when ${targetIsReady} then jsonb_build_object('code', 'host-offline', 'message', 'The host did not come back in time.')
  else jsonb_build_object('code', 'target-not-ready', 'message', 'The target host did not come to enforce the newest intent in time.')
  end`;
