import type { EngineMessage } from '@hypervigil/contract';
import type { MirrorReport } from '@hypervigil/model';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';

type Message = Extract<EngineMessage, { type: 'mirrors' }>;

/** Takes in what a host says of mirrors and captures; what it says of others than there are is not heard. */
export function reportMirrors(db: Database, actor: Actor, hostId: string, message: Message): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const mirrors = new Set((await tx.selectFrom('mirrors').select('id').execute()).map(({ id }) => id));
    const before = await tx.selectFrom('mirror_reports').selectAll().where('host_id', '=', hostId).execute();
    for (const { id, ...report } of message.mirrors) {
      if (!mirrors.has(id)) continue;
      const was = before.find((row) => row.mirror_id === id)?.report;
      if (JSON.stringify(was) === JSON.stringify(report)) continue;
      await tx
        .insertInto('mirror_reports')
        .values({ mirror_id: id, host_id: hostId, report: JSON.stringify(report) })
        .onConflict((row) => row.columns(['mirror_id', 'host_id']).doUpdateSet({ report: JSON.stringify(report) }))
        .execute();
      changed('mirrors');
      if (stateOf(was) === stateOf(report)) continue;
      const outcome = report.state === 'missing' ? 'failed' : 'done';
      audit({
        action: 'mirror.seen',
        subject: `mirror:${id}`,
        params: { state: report.state, reason: report.reason },
        outcome,
      });
    }
    const captures = new Map(
      (await tx.selectFrom('captures').select(['id', 'mirror_id']).execute()).map((row) => [row.id, row.mirror_id]),
    );
    const files = await tx.selectFrom('capture_files').selectAll().where('host_id', '=', hostId).execute();
    for (const { id, ...report } of message.captures) {
      const mirrorId = captures.get(id);
      if (mirrorId === undefined) continue;
      const was = files.find((row) => row.capture_id === id)?.report;
      if (JSON.stringify(was) === JSON.stringify(report)) continue;
      await tx
        .insertInto('capture_files')
        .values({ capture_id: id, host_id: hostId, report: JSON.stringify(report) })
        .onConflict((row) => row.columns(['capture_id', 'host_id']).doUpdateSet({ report: JSON.stringify(report) }))
        .execute();
      changed('mirrors');
      if (report.state === 'running' || was?.state === report.state) continue;
      const { packets, bytes, sha256, reason } = report;
      const params = { capture: id, packets, bytes, sha256, reason };
      audit({ action: 'capture.ended', subject: `mirror:${mirrorId}`, params, outcome: report.state });
    }
  });
}

const stateOf = (report: Omit<MirrorReport, 'id'> | undefined): string =>
  JSON.stringify([report?.state, report?.reason]);
