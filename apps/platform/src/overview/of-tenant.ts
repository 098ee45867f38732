import type { Overview } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import { isWhole } from '@hypervigil/model';
import { sql } from 'kysely';
import type { Access } from '../access/access.ts';
import { waitingAlerts } from '../detect/waiting.ts';
import { protection } from '../inventory/vms.ts';
import { failingRoutes } from '../notification/deliveries.ts';
import { publishedRevision } from '../policy/published.ts';
import { policiesSeenBy } from '../policy/seen.ts';
import type { Database } from '../state/database.ts';
import { adviceForAlerts, adviceForRoutes } from './advice.ts';
import { trafficSince } from './overview.ts';

const HOUR_MS = 3_600_000;

/** The same figures of what one tenant's person may read; of the provider's machines, nothing. */
export async function tenantOverview(
  db: Database,
  flows: Pick<FlowStore, 'series'>,
  access: Access,
): Promise<Overview> {
  const visible = await access.vms('vm:read', 'vms.id', 'vms.tenant_id');
  const { rows } = await sql<{ vms: number; running: number; networks: number }>`select
    (select count(*) from vms where state <> 'gone' and ${visible}) as vms,
    (select count(*) from vms where state in ('running', 'blocked') and ${visible}) as running,
    (select count(*) from networks where ${access.owned('network:read', 'tenant_id', 'id')}) as networks`.execute(db);
  const { rows: vnicRows } = await sql<{ total: number; enforced: number; unprotected: number }>`
    select count(*) as total, count(*) filter (where protection = 'enforced') as enforced,
      count(*) filter (where protection not in ('enforced', 'pending')) as unprotected
    from (select ${protection} as protection from vnics join vms on vms.id = vnics.vm_id where ${visible}) as p
    where protection <> 'off'`.execute(db);
  const [counts, vnics] = [rows[0]!, vnicRows[0]!];
  const alerts = await waitingAlerts(db, await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id'));
  const failing = await failingRoutes(db, access.owned('notification:read', 'tenant_id'));
  const policies = await policiesSeenBy(db, access);
  const draftChanged = policies.some(({ change }) => change !== 'none');
  const { tenantId, scope } = access.person;
  const all = { allowed: 0, denied: 0, bytes: 0 };
  return {
    hosts: { total: 0, online: 0 },
    vms: { total: counts.vms, running: counts.running },
    vnics: { total: vnics.total, enforced: vnics.enforced },
    tenants: 1,
    networks: counts.networks,
    policy: {
      revision: await publishedRevision(db),
      hostsEnforcing: 0,
      rules: policies.reduce((sum, { rules: some }) => sum + some.length, 0),
    },
    // What is recorded is summed by tenant, not by part of one.
    lastHour: isWhole(scope) ? await trafficSince(flows, Date.now() - HOUR_MS, tenantId ?? undefined) : all,
    advice: [
      ...adviceForAlerts(alerts),
      ...adviceForRoutes(failing),
      ...(vnics.unprotected > 0
        ? [{ code: 'unprotected-vnics' as const, severity: 'high' as const, params: { count: vnics.unprotected } }]
        : []),
      ...(draftChanged ? [{ code: 'draft-unpublished' as const, severity: 'low' as const, params: {} }] : []),
    ],
  };
}
