import { randomUUID } from 'node:crypto';
import {
  CAPTURE_DAYS,
  type Capture,
  type CaptureBounds,
  MAX_CAPTURES_KEPT,
  MAX_CAPTURES_RUNNING,
} from '@hypervigil/model';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type Actor, lock, transact, type Work } from '../state/work.ts';

const isKept = sql<boolean>`captures.created_at > now() - make_interval(days => ${CAPTURE_DAYS})`;

const select = (db: Database | Tx) =>
  db
    .selectFrom('captures')
    .innerJoin('mirrors', 'mirrors.id', 'mirror_id')
    .selectAll('captures')
    .select(['mirrors.name as mirror_name', 'mirrors.tenant_id'])
    .where(isKept)
    .orderBy('captures.created_at', 'desc')
    .limit(MAX_CAPTURES_KEPT);
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

async function withFiles(db: Database | Tx, rows: readonly Row[]): Promise<Capture[]> {
  const files = await db
    .selectFrom('capture_files')
    .innerJoin('hosts', 'hosts.id', 'host_id')
    .select(['capture_files.id', 'capture_id', 'host_id', 'hosts.name', 'report'])
    .select(sql<boolean>`hosts.channel_id is not null`.as('online'))
    .where(sql<boolean>`capture_id = any(${rows.map(({ id }) => id)}::uuid[])`)
    .orderBy('hosts.name')
    .execute();
  const byCapture = Map.groupBy(files, (file) => file.capture_id);
  return rows.map((row) => ({
    id: row.id,
    mirrorId: row.mirror_id,
    mirrorName: row.mirror_name,
    tenantId: row.tenant_id,
    bounds: row.bounds,
    startedBy: row.started_by,
    startedAt: row.created_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    isRunning: row.running,
    files: (byCapture.get(row.id) ?? []).map(({ id, host_id, name, online, report }) => ({
      id,
      hostId: host_id,
      hostName: name,
      hostOnline: online,
      ...report,
    })),
  }));
}

export async function listCaptures(
  db: Database,
  mirrorId: string | undefined,
  visible: RawBuilder<boolean>,
): Promise<{ items: Capture[] }> {
  const rows = await select(db)
    .where(visible)
    .$if(mirrorId !== undefined, (query) => query.where('mirror_id', '=', mirrorId!))
    .execute();
  return { items: await withFiles(db, rows) };
}

/** @throws ApiFailure `not-found`, also for one whose files are not kept any more */
export async function getCapture(db: Database | Tx, id: string): Promise<Capture> {
  const [capture] = await withFiles(db, await select(db).where('captures.id', '=', id).execute());
  if (capture === undefined) throw notFound('capture', id);
  return capture;
}

const FAILURES = { captures_running: () => new ApiFailure('capture-runs', {}) };

/** @throws ApiFailure `not-a-capture`, `capture-runs`, `captures-busy` */
export function startCapture(db: Database, actor: Actor, mirrorId: string, bounds: CaptureBounds): Promise<Capture> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await lock(tx, 'mirrors');
      const mirror = await tx.selectFrom('mirrors').select('target').where('id', '=', mirrorId).executeTakeFirst();
      if (mirror === undefined) throw notFound('mirror', mirrorId);
      if (mirror.target.kind !== 'capture') throw new ApiFailure('not-a-capture', {});
      const running = await tx.selectFrom('captures').select('id').where('running', '=', true).execute();
      if (running.length >= MAX_CAPTURES_RUNNING)
        throw new ApiFailure('captures-busy', { maximum: MAX_CAPTURES_RUNNING });
      const id = randomUUID();
      await tx
        .insertInto('captures')
        .values({
          id,
          mirror_id: mirrorId,
          bounds: JSON.stringify(bounds),
          started_by: actor.name,
          ends_at: sql<Date>`now() + make_interval(secs => ${bounds.seconds})`,
        })
        .execute();
      audit({ action: 'capture.started', subject: `mirror:${mirrorId}`, params: { capture: id, ...bounds } });
      changed('mirrors');
      return getCapture(tx, id);
    }),
  );
}

/** Ends what runs of these; hosts are told, and close their files. */
export async function endCaptures(
  { tx, changed }: Pick<Work, 'tx' | 'changed'>,
  which: { readonly id: string } | { readonly mirrorId: string } | 'over',
): Promise<void> {
  const ended = await tx
    .updateTable('captures')
    .set({ running: false, ends_at: sql<Date>`least(ends_at, now())` })
    .where('running', '=', true)
    .where(
      which === 'over'
        ? sql<boolean>`ends_at <= now()`
        : 'id' in which
          ? sql<boolean>`id = ${which.id}`
          : sql<boolean>`mirror_id = ${which.mirrorId}`,
    )
    .returning('id')
    .execute();
  if (ended.length > 0) changed('mirrors');
}

export function stopCapture(db: Database, actor: Actor, id: string): Promise<Capture> {
  return transact(db, actor, async (work) => {
    const { mirrorId } = await getCapture(work.tx, id);
    await endCaptures(work, { id });
    work.audit({ action: 'capture.stopped', subject: `mirror:${mirrorId}`, params: { capture: id } });
    return getCapture(work.tx, id);
  });
}

export function deleteCapture(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('captures').where('id', '=', id).returning('mirror_id').executeTakeFirst();
    if (row === undefined) throw notFound('capture', id);
    audit({ action: 'capture.deleted', subject: `mirror:${row.mirror_id}`, params: { capture: id } });
    changed('mirrors');
  });
}
