import { randomUUID } from 'node:crypto';
import type { ScheduleNow } from '@hypervigil/contract';
import type { Hours, Schedule } from '@hypervigil/model';
import { type CloudSchedule, holds, nextChange } from '@hypervigil/policy';
import { sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { staleRevision } from './groups.ts';
import { requireUnnamed } from './named.ts';

type Input = Omit<Schedule, 'id' | 'revision' | 'changedAt'>;

const FAILURES = { schedules_name_key: () => new ApiFailure('name-taken', { what: 'schedule', field: 'name' }) };

const select = (db: Database | Tx) => db.selectFrom('schedules').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toSchedule({ id, name, description, hours, revision, changed_at }: Row): ScheduleNow {
  const now = new Date();
  return {
    id,
    name,
    description,
    ...hours,
    revision,
    changedAt: changed_at.toISOString(),
    holds: holds(hours, now),
    nextChange: nextChange(hours, now)?.toISOString() ?? null,
  };
}

export const listSchedules = (db: Database, input: ListInput): Promise<ListOf<ScheduleNow>> =>
  listByName(select(db).where(namedLike(input.q)), input, toSchedule);

export async function getSchedule(db: Database | Tx, id: string): Promise<ScheduleNow> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('schedule', id);
  return toSchedule(row);
}

export async function loadSchedules(db: Database, ids?: readonly string[]): Promise<CloudSchedule[]> {
  const rows = await select(db)
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`id = any(${ids}::uuid[])`))
    .execute();
  return rows.map(({ id, hours }) => ({ id, ...hours }));
}

export function createSchedule(db: Database, actor: Actor, input: Input): Promise<ScheduleNow> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await tx
        .insertInto('schedules')
        .values({ id, ...columns(input) })
        .execute();
      audit({ action: 'schedule.created', subject: `schedule:${id}`, params: input });
      changed('schedules', id);
      return getSchedule(tx, id);
    }),
  );
}

export function updateSchedule(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: Input & { revision: number },
): Promise<ScheduleNow> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('schedule', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('schedules').set(next).where('id', '=', id).execute();
      audit({ action: 'schedule.updated', subject: `schedule:${id}`, params: input });
      changed('schedules', id);
      return getSchedule(tx, id);
    }),
  );
}

export function deleteSchedule(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    // Under the lock of the draft, so that no rule comes to name it meanwhile.
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'schedule', id);
    const row = await tx.deleteFrom('schedules').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('schedule', id);
    audit({ action: 'schedule.deleted', subject: `schedule:${id}`, params: { name: row.name } });
    changed('schedules', id);
  });
}

function columns({ name, description, zone, windows, startsOn, endsOn }: Input) {
  const hours: Hours = { zone, windows, startsOn, endsOn };
  return { name, description, hours: JSON.stringify(hours) };
}
