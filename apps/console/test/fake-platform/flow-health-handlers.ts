import type { FlowHealth } from '@hypervigil/contract';
import type { Handlers, State } from './handlers.ts';
import { ago, HOUR, MINUTE, SECOND, uuid } from './make.ts';

/** One host that is well, one whose engine loses flows, a gateway that tells of nothing. */
export function flowHealthHandlers({ data }: State): Handlers {
  const hosts = (): FlowHealth['hosts'] =>
    data.hosts.map(({ id, name, state }, n) => ({
      ...{ hostId: id, hostName: name, online: state === 'online' },
      ...{ lastBatchAt: ago((n + 1) * SECOND), lagMs: 1_200 + n * 90_000, records: 84_000, names: 40, repeated: n },
      ...{ lost: n === 1 ? 12_345 : 0, unjudged: 0, spoolPercent: n === 1 ? 93 : 1 },
      troubles: n === 1 ? ['losing', 'spooling', 'late'] : [],
    }));
  return {
    getFlowHealth: (): FlowHealth => ({
      hosts: hosts(),
      gateways: [
        {
          ...{ gatewayId: uuid('gateway', 1), num: 1, groupName: 'edge', hostId: uuid('host', 1), hostName: 'kvm-01' },
          ...{ phase: 'up', connections: 12, flows: 0, silent: true },
        },
      ],
      silentVms: {
        items: data.vms.slice(0, 2).map(({ id, name, hostId, tenantId }) => ({ vmId: id, name, hostId, tenantId })),
        total: Math.min(2, data.vms.length),
      },
      store: {
        ...{ rows: 1_234_567, bytes: 45_000_000, oldestAt: ago(100 * HOUR), newestAt: ago(SECOND), movedAside: null },
        ...{ keptHours: 168, maxBytes: 20 * 1024 ** 3 },
      },
      minutes: Array.from({ length: 60 }, (_, n) => ({
        ...{ at: ago((59 - n) * MINUTE), records: 1_400 + n, lost: n > 50 ? 900 : 0, unjudged: 0 },
      })),
    }),
  };
}
