import type { Gateway, GatewayGroup } from '@hypervigil/model';
import { ago, HOUR, MINUTE, SECOND, uuid } from './make.ts';

const IMAGE = '0f4c9a1d77e2b6c3'.padEnd(64, '5');
const NEWER_IMAGE = 'c81e728d9d4c2f63'.padEnd(64, '6');

export const demoGatewayGroups = (): GatewayGroup[] => [
  {
    id: uuid('gateway-group', 1),
    num: 1,
    name: 'edge-gateways',
    description: 'What comes from outside is looked at here',
    tenantId: null,
    perHost: 1,
    maxPerHost: 4,
    vcpus: 2,
    memoryMiB: 1024,
    detect: true,
    revision: 1,
    changedAt: ago(3 * HOUR),
  },
];

/** One that is well, and one that is silent and has another image than its host. */
export const demoGateways = (): Gateway[] => [
  gateway(1, 1, {}),
  gateway(2, 2, { available: NEWER_IMAGE, availableVersion: '0.2.0' }),
];

const gateway = (n: number, host: number, seen: Partial<NonNullable<Gateway['report']>>): Gateway => {
  const drifts = 'available' in seen;
  return {
    id: uuid('gateway', n),
    num: n,
    groupId: uuid('gateway-group', 1),
    groupName: 'edge-gateways',
    hostId: uuid('host', host),
    hostName: `kvm-0${host}`,
    hostOnline: true,
    epoch: 0,
    drain: false,
    retired: false,
    replacedBy: null,
    report: {
      phase: drifts ? 'silent' : 'up',
      reason: drifts ? 'no probe came out of it for 700 ms' : null,
      measurement: IMAGE,
      available: IMAGE,
      availableVersion: '0.1.0',
      version: '0.1.0',
      build: '7883f47ecd166cb9',
      kernel: '6.1.0-28-cloud-amd64',
      revision: 7,
      toldRevision: 7,
      uptimeS: (5 * HOUR) / SECOND,
      load: 0.42,
      busy: 0.31,
      memoryAvailableKiB: 612_000,
      connections: 1280,
      denied: 37,
      detector: 'running',
      signatures: 'off',
      vcpus: 2,
      memoryMiB: 1024,
      maxVcpus: 8,
      maxMemoryMiB: 4096,
      outgrown: false,
      ...seen,
    },
    drift: drifts ? ['image'] : [],
    createdAt: ago(5 * HOUR),
    lastSeenAt: ago(drifts ? MINUTE : 2 * SECOND),
  };
};
