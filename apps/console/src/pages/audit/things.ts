import type { AuditSubjectKind } from '@hypervigil/model';
import { useMemo } from 'react';
import { useCollection } from '../../data/queries.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}
/** Things by their kind and id, as far as this reader may know of them. */
export type Things = Partial<Record<AuditSubjectKind, ReadonlyMap<string, Named>>>;

export function useThings(): Things {
  const vm = useCollection('vms').byId;
  const host = useCollection('hosts').byId;
  const network = useCollection('networks').byId;
  const tenant = useCollection('tenants').byId;
  const group = useCollection('groups').byId;
  const policy = useCollection('policies').byId;
  const limit = useCollection('limits').byId;
  const mirror = useCollection('mirrors').byId;
  const exporter = useCollection('exporters').byId;
  const notification = useCollection('notificationRoutes').byId;
  const flowView = useCollection('flowViews').byId;
  const schedule = useCollection('schedules').byId;
  const service = useCollection('namedServices').byId;
  const assertion = useCollection('assertions').byId;
  const account = useCollection('accounts').byId;
  const addressSet = useCollection('addressSets').byId;
  const gatewayGroup = useCollection('gatewayGroups').byId;
  const gateways = useCollection('gateways').items;
  const gateway = useMemo(
    () => new Map(gateways.map(({ id, num, hostName }) => [id, { id, name: `${num} · ${hostName}` }])),
    [gateways],
  );
  // biome-ignore format: what belongs together stands together
  return useMemo(
    () => ({
      vm, host, exporter, network, tenant, group, policy, limit, mirror, notification, schedule, service, assertion, account, gateway,
      'flow-view': flowView, 'address-set': addressSet, 'threat-set': addressSet, 'gateway-group': gatewayGroup,
    }),
    [
      vm, host, exporter, network, tenant, group, policy, limit, mirror, notification, schedule, service, assertion, account, gateway,
      flowView, addressSet, gatewayGroup,
    ],
  );
}

/** The name of whatever has this id. */
export function nameOf(things: Things, id: string): string | undefined {
  for (const byId of Object.values(things)) {
    const name = byId.get(id)?.name;
    if (name !== undefined) return name;
  }
  return undefined;
}
