import { type Alert, type AlertPeer, type IncidentGraph, SEVERITIES } from '@hypervigil/model';

type Node = IncidentGraph['nodes'][number];
type Edge = IncidentGraph['edges'][number];
type Drawn = Pick<Alert, 'id' | 'code' | 'severity' | 'side' | 'vmId' | 'vmName' | 'tenantId' | 'peers'>;

/** Who does what to whom: each VM and each address once, and between two of them one edge in each direction. */
export function graphOf(alerts: readonly Drawn[]): IncidentGraph {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  for (const { vmId, vmName, tenantId } of alerts) {
    const id = `vm:${vmId}`;
    const known = nodes.get(id) ?? { id, vmId, vmName, tenantId, ip: null, alerts: 0 };
    nodes.set(id, { ...known, alerts: known.alerts + 1 });
  }
  for (const alert of alerts) {
    const own = `vm:${alert.vmId}`;
    for (const [i, peer] of alert.peers.entries()) {
      const other = meet(nodes, peer);
      if (other === own) continue;
      const [from, to] = comes(alert, i) ? [other, own] : [own, other];
      const key = `${from} ${to}`;
      const edge = edges.get(key) ?? { from, to, codes: [], severity: alert.severity, alertIds: [] };
      edges.set(key, {
        ...edge,
        codes: [...new Set([...edge.codes, alert.code])],
        severity: worse(edge.severity, alert.severity),
        alertIds: [...new Set([...edge.alertIds, alert.id])],
      });
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Towards the VM: what is done to it, and of a path through it the first half. */
const comes = ({ side, code }: Drawn, i: number): boolean =>
  code === 'lateral-movement' ? i === 0 : side === 'target';

function meet(nodes: Map<string, Node>, { ip, vmId, tenantId }: AlertPeer): string {
  const id = vmId === null ? `address:${ip}` : `vm:${vmId}`;
  const known = nodes.get(id) ?? { id, vmId, vmName: null, tenantId, ip: null, alerts: 0 };
  nodes.set(id, { ...known, ip: known.ip ?? ip });
  return id;
}

const worse = (a: Alert['severity'], b: Alert['severity']): Alert['severity'] =>
  SEVERITIES[Math.min(SEVERITIES.indexOf(a), SEVERITIES.indexOf(b))]!;
