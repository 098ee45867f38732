import { matchesAlert } from '@hypervigil/model';
import type { Work } from '../state/work.ts';

/**
 * Puts an alert before every playbook that it fits, in the transaction in which it was raised or became worse: nothing is missed
 * when the platform stops in between, and nothing comes twice.
 */
export async function queueForPlaybooks({ tx }: Pick<Work, 'tx'>, alertId: string): Promise<void> {
  const playbooks = await tx.selectFrom('playbooks').select(['id', 'match']).where('enabled', '=', true).execute();
  if (playbooks.length === 0) return;
  const { code, severity, tenant_id, vm_id, tags } = await tx
    .selectFrom('alerts')
    .leftJoin('vms', 'vms.id', 'vm_id')
    .select(['code', 'severity', 'alerts.tenant_id', 'vm_id', 'vms.tags'])
    .where('alerts.id', '=', alertId)
    .executeTakeFirstOrThrow();
  const alert = { code, severity, tenantId: tenant_id, tags: tags ?? {} };
  const rows = playbooks
    .filter(({ match }) => matchesAlert(match, alert))
    .map(({ id }) => ({ playbook_id: id, alert_id: alertId, vm_id }));
  if (rows.length === 0) return;
  await tx
    .insertInto('playbook_runs')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .execute();
}
