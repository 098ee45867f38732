import type { GatewayReport } from '@hypervigil/model';
import type { Database } from '../state/database.ts';
import { type Actor, transact } from '../state/work.ts';
import { planGateways } from './plan.ts';

/** Takes in what a host says of its gateways; what it says of others' is not heard. */
export function reportGateways(
  db: Database,
  actor: Actor,
  hostId: string,
  reports: readonly GatewayReport[],
): Promise<void> {
  return transact(db, actor, async (work) => {
    const { tx, audit, changed } = work;
    const rows = await tx
      .selectFrom('gateways')
      .select(['id', 'num', 'report'])
      .where('host_id', '=', hostId)
      .forUpdate()
      .execute();
    let isNews = false;
    for (const { id, ...report } of reports) {
      const row = rows.find((one) => one.id === id);
      if (row === undefined) continue;
      await tx
        .updateTable('gateways')
        .set({ report: JSON.stringify(report), seen_at: new Date() })
        .where('id', '=', id)
        .execute();
      if (stateOf(row.report) === stateOf(report)) continue;
      isNews = true;
      const { phase, reason, measurement } = report;
      if (row.report?.phase === phase && row.report.measurement === measurement) continue;
      const outcome = phase === 'failed' || phase === 'silent' ? 'failed' : 'done';
      const params = { num: row.num, phase, reason, measurement };
      audit({ action: 'gateway.seen', subject: `gateway:${id}`, params, outcome });
    }
    if (!isNews) return;
    changed('gateways');
    await planGateways(work);
  });
}

/** All but figures, which move all the time. */
function stateOf(report: Omit<GatewayReport, 'id'> | null): string {
  if (report === null) return '';
  const { phase, reason, measurement, available, build, revision, detector, signatures } = report;
  return JSON.stringify([phase, reason, measurement, available, build, revision, detector, signatures]);
}
