import type { Alert } from '@hypervigil/model';
import type { Selectable } from 'kysely';
import type { AlertTable } from '../state/tables/alerts.ts';

export const toAlert = (row: Selectable<AlertTable>): Alert => ({
  ...{ id: row.id, code: row.code, severity: row.severity, reason: row.reason },
  ...{ state: row.state, resolution: row.resolution, side: row.side, technique: row.technique },
  ...{ vmId: row.vm_id, vmName: row.vm_name, tenantId: row.tenant_id },
  ...{ expected: row.expected, seen: row.seen, peers: row.peers, flowKeys: row.flow_keys, count: row.count },
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  createdAt: row.created_at.toISOString(),
  assignee: row.assignee,
  incidentId: row.incident_id,
});
