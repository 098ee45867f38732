import type { AlertDetail, IncidentDetail } from '@hypervigil/contract';
import {
  ALERT_TACTICS,
  type AlertPeer,
  furthestState,
  type Incident,
  type IncidentGraph,
  SEVERITIES,
  TACTICS,
} from '@hypervigil/model';
import { Refused } from './errors.ts';
import { type Handlers, page, type State } from './handlers.ts';
import { uuid } from './make.ts';

interface Alerts {
  readonly all: () => readonly AlertDetail[];
  readonly change: (id: string, change: Partial<AlertDetail>) => void;
  readonly close: NonNullable<Handlers['closeAlert']>;
}

const rank = ({ severity }: AlertDetail) => SEVERITIES.indexOf(severity);

function summary(id: string, alerts: readonly AlertDetail[]): Incident {
  const open = alerts.filter(({ state }) => state !== 'closed');
  const worst = alerts.toSorted((a, b) => rank(a) - rank(b))[0]!;
  const times = (of: (alert: AlertDetail) => string) => alerts.map(of).sort();
  return {
    ...{ id, severity: worst.severity, worst: worst.code, isRaised: false },
    tactics: TACTICS.filter((tactic) => alerts.some(({ code }) => ALERT_TACTICS[code] === tactic)),
    state: furthestState(alerts.map(({ state }) => state)),
    codes: [...new Set(alerts.map(({ code }) => code))],
    vms: alerts
      .map(({ vmId, vmName, tenantId }) => ({ vmId, vmName, tenantId }))
      .filter(({ vmId }, i, all) => all.findIndex((one) => one.vmId === vmId) === i),
    ...{ alerts: alerts.length, open: open.length, waiting: open.filter(({ state }) => state === 'new').length },
    assignees: [...new Set(open.flatMap(({ assignee }) => assignee ?? []))],
    firstAt: times(({ firstAt }) => firstAt)[0]!,
    lastAt: times(({ lastAt }) => lastAt).at(-1)!,
    createdAt: times(({ createdAt }) => createdAt)[0]!,
  };
}

function graph(alerts: readonly AlertDetail[]): IncidentGraph {
  const nodeOf = ({ ip, vmId, tenantId }: AlertPeer) => ({
    ...{ id: vmId === null ? `address:${ip}` : `vm:${vmId}`, vmId, vmName: null, tenantId, ip, alerts: 0 },
  });
  const own = summary('', alerts).vms.map(({ vmId, vmName, tenantId }) => ({
    ...{ id: `vm:${vmId}`, vmId, vmName, tenantId, ip: null },
    alerts: alerts.filter((alert) => alert.vmId === vmId).length,
  }));
  const others = alerts.flatMap(({ peers }) => peers.map(nodeOf));
  const edges = new Map<string, IncidentGraph['edges'][number]>();
  for (const { id, code, severity, side, vmId, peers } of alerts)
    for (const [i, peer] of peers.entries()) {
      const comes = code === 'lateral-movement' ? i === 0 : side === 'target';
      const ends = [`vm:${vmId}`, nodeOf(peer).id] as const;
      const [from, to] = comes ? [ends[1], ends[0]] : ends;
      const known = edges.get(`${from} ${to}`) ?? { from, to, codes: [], severity, alertIds: [] };
      edges.set(`${from} ${to}`, { ...known, codes: [...known.codes, code], alertIds: [...known.alertIds, id] });
    }
  return {
    nodes: [...new Map([...others, ...own].map((node) => [node.id, node])).values()],
    edges: [...edges.values()],
  };
}

function detail(id: string, alerts: readonly AlertDetail[]): IncidentDetail {
  return {
    ...summary(id, alerts),
    members: alerts.map(({ comments: _, exception: __, ...alert }, i) => ({
      alert,
      ties:
        i === 0
          ? []
          : [
              {
                entity: { kind: 'vm', vmId: alert.vmId, tenantId: alert.tenantId, ip: null },
                alertId: alerts[0]!.id,
              },
            ],
      placedBy: null,
    })),
    graph: graph(alerts),
    timeline: alerts
      .flatMap((alert): IncidentDetail['timeline'] => [
        { kind: 'began', at: alert.firstAt, alertIds: [alert.id] },
        { kind: 'lasted', at: alert.lastAt, alertIds: [alert.id] },
        ...alert.comments.map(({ at, author, text }) => ({
          ...{ kind: 'comment' as const, at, alertIds: [alert.id], actor: author, text },
        })),
      ])
      .sort((a, b) => a.at.localeCompare(b.at)),
  };
}

/** Alerts by the incidents that they name. */
export function incidentHandlers({ events, next }: Pick<State, 'events' | 'next'>, alerts: Alerts): Handlers {
  const membersOf = (id: string) => alerts.all().filter(({ incidentId }) => incidentId === id);
  const get = (id: string): IncidentDetail => {
    const members = membersOf(id);
    if (members.length === 0) throw new Refused('not-found', { what: 'incident', id });
    return detail(id, members);
  };
  const place = (id: string, ids: readonly string[]): IncidentDetail => {
    for (const alertId of ids) alerts.change(alertId, { incidentId: id });
    events.emit({ kind: 'changed', what: 'alerts' });
    return get(id);
  };
  const openOf = (id: string) => membersOf(id).filter(({ state }) => state !== 'closed');
  return {
    listIncidents: ({ query }) => {
      const ids = [...new Set(alerts.all().flatMap(({ incidentId }) => incidentId ?? []))];
      return page(
        ids.map((id) => summary(id, membersOf(id))),
        query,
      );
    },
    getIncident: ({ params }) => get(params.id),
    closeIncident({ params, body }) {
      for (const { id } of openOf(params.id)) alerts.close({ params: { id }, body });
      return get(params.id);
    },
    assignIncident({ params, body }) {
      for (const { id } of openOf(params.id)) alerts.change(id, body);
      events.emit({ kind: 'changed', what: 'alerts' });
      return get(params.id);
    },
    mergeIncident: ({ params, body }) =>
      place(
        params.id,
        membersOf(body.incidentId).map(({ id }) => id),
      ),
    splitIncident: ({ body }) => place(uuid('incident', next()), body.alertIds),
  };
}
