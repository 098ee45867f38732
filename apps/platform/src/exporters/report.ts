import { isDeepStrictEqual } from 'node:util';
import type { EngineMessage } from '@hypervigil/contract';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';

type Message = Extract<EngineMessage, { type: 'exporters' }>;

/** Takes in what a host says of exporters; what it says of others than its own is not heard. */
export function reportExporters(
  db: Database,
  actor: Actor,
  hostId: string,
  { exporters, strangers }: Message,
): Promise<void> {
  return transact(db, actor, async ({ tx, changed }) => {
    const own = await tx
      .selectFrom('exporters')
      .leftJoin('exporter_reports', 'exporter_id', 'id')
      .select(['id', 'report'])
      .where('host_id', '=', hostId)
      .execute();
    const before = new Map(own.map(({ id, report }) => [id, report]));
    for (const { id, ...report } of exporters) {
      if (!before.has(id) || isDeepStrictEqual(before.get(id), report)) continue;
      const row = { report: JSON.stringify(report) };
      await tx
        .insertInto('exporter_reports')
        .values({ exporter_id: id, ...row })
        .onConflict((at) => at.column('exporter_id').doUpdateSet(row))
        .execute();
      changed('exporters');
    }
    const known = await tx
      .selectFrom('exporter_strangers')
      .select('heard')
      .where('host_id', '=', hostId)
      .executeTakeFirst();
    if (isDeepStrictEqual(known?.heard ?? [], strangers)) return;
    const row = { heard: JSON.stringify(strangers) };
    await tx
      .insertInto('exporter_strangers')
      .values({ host_id: hostId, ...row })
      .onConflict((at) => at.column('host_id').doUpdateSet(row))
      .execute();
    changed('exporters');
  });
}
