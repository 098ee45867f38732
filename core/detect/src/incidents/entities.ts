import type { Alert, AlertCode, IncidentEntity } from '@hypervigil/model';

/** Their other end is whom names are asked of, who answers everybody: it says nothing about what is done. */
const ASKED_OF_RESOLVERS: ReadonlySet<AlertCode> = new Set(['dns-tunnel', 'generated-names']);

/**
 * What an alert may have in common with others: its VM, its other ends (of a path of lateral movement, both of them; of a threat
 * indicator, the listed address) and the domain that carries data. At most two more than MAX_ALERT_PEERS.
 */
export function entitiesOf({
  code,
  vmId,
  tenantId,
  peers,
  seen,
}: Pick<Alert, 'code' | 'vmId' | 'tenantId' | 'peers' | 'seen'>): IncidentEntity[] {
  const { domain } = seen;
  const found: IncidentEntity[] = [{ kind: 'vm', vmId, tenantId, ip: null }];
  if (code === 'dns-tunnel' && typeof domain === 'string') found.push({ kind: 'name', name: domain });
  if (!ASKED_OF_RESOLVERS.has(code))
    for (const peer of peers)
      found.push(
        peer.vmId === null
          ? { kind: 'address', ip: peer.ip }
          : { kind: 'vm', vmId: peer.vmId, tenantId: peer.tenantId, ip: peer.ip },
      );
  return [...new Map(found.toReversed().map((one) => [entityKey(one), one])).values()].toReversed();
}

/** Tells entities apart, in one text. */
export function entityKey(entity: IncidentEntity): string {
  switch (entity.kind) {
    case 'vm':
      return `vm:${entity.vmId}`;
    case 'address':
      return `address:${entity.ip}`;
    case 'name':
      return `name:${entity.name}`;
  }
}
