import { type Alert, furthestState, type Incident } from '@hypervigil/model';
import { severityOf } from './severity.ts';

/** An alert as far as a list of incidents needs it. */
export type Summarised = Pick<Alert, 'code' | 'severity' | 'resolution' | 'state' | 'assignee'> &
  Pick<Alert, 'vmId' | 'vmName' | 'tenantId' | 'firstAt' | 'lastAt' | 'createdAt'>;

/** What an incident is to somebody who sees these of its alerts. */
export function incidentOf(id: string, alerts: readonly [Summarised, ...Summarised[]]): Incident {
  const open = alerts.filter(({ state }) => state !== 'closed');
  const sorted = (of: (alert: Summarised) => string) => alerts.map(of).sort();
  const vms = new Map(alerts.map(({ vmId, vmName, tenantId }) => [vmId, { vmId, vmName, tenantId }]));
  return {
    id,
    ...severityOf(alerts),
    state: furthestState(alerts.map(({ state }) => state)),
    codes: [...new Set(alerts.map(({ code }) => code))],
    vms: [...vms.values()].sort((a, b) => a.vmName.localeCompare(b.vmName)),
    alerts: alerts.length,
    open: open.length,
    waiting: open.filter(({ state }) => state === 'new').length,
    assignees: [...new Set(open.flatMap(({ assignee }) => assignee ?? []))].sort(),
    firstAt: sorted(({ firstAt }) => firstAt)[0]!,
    lastAt: sorted(({ lastAt }) => lastAt).at(-1)!,
    createdAt: sorted(({ createdAt }) => createdAt)[0]!,
  };
}
