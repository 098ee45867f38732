import type { Protection, Vm, VmState } from '@hypervigil/model';
import { ago, HOUR, MINUTE, seeded, uuid } from './make.ts';

interface Sketch {
  readonly n: number;
  readonly name: string;
  readonly hostId: string;
  readonly tenant: number;
  readonly ipv4: string;
  readonly ipv6?: string;
  readonly tags: Record<string, string>;
  readonly state?: VmState;
  readonly protection?: Protection;
}

const vm = (s: Sketch): Vm => ({
  id: uuid('vm', s.n),
  name: s.name,
  hostId: s.hostId,
  tenantId: s.tenant === 0 ? null : uuid('tenant', s.tenant),
  state: s.state ?? 'running',
  vcpus: 2,
  memoryMiB: 2048,
  hypervisor: 'kvm',
  tags: s.tags,
  vnics: [
    {
      id: uuid('vnic', s.n),
      num: s.n,
      vmId: uuid('vm', s.n),
      networkId: uuid('network', s.tenant === 2 ? 2 : 1),
      mac: `52:54:00:${[s.n >> 16, s.n >> 8, s.n].map((b) => (b & 255).toString(16).padStart(2, '0')).join(':')}`,
      ipv4: [s.ipv4],
      ipv6: s.ipv6 === undefined ? [] : [s.ipv6],
      device: `vnet${s.n}`,
      ofport: s.n,
      protection: s.protection ?? (s.state === 'shutoff' ? 'off' : 'enforced'),
    },
  ],
  quarantine: null,
  firstSeenAt: ago(24 * HOUR),
  changedAt: ago(7 * MINUTE),
});

export const demoVms = (): Vm[] => [
  vm({
    n: 1,
    name: 'aurora-web',
    hostId: uuid('host', 1),
    tenant: 1,
    ipv4: '10.10.1.11',
    ipv6: '2001:db8:10:1::11',
    tags: { role: 'web', env: 'prod' },
  }),
  vm({
    n: 2,
    name: 'aurora-app',
    hostId: uuid('host', 2),
    tenant: 1,
    ipv4: '10.10.1.12',
    tags: { role: 'app', env: 'prod' },
  }),
  vm({
    n: 3,
    name: 'aurora-db',
    hostId: uuid('host', 1),
    tenant: 1,
    ipv4: '10.10.1.13',
    tags: { role: 'db', env: 'prod' },
  }),
  vm({
    n: 4,
    name: 'beichen-web',
    hostId: uuid('host', 1),
    tenant: 2,
    ipv4: '10.20.1.11',
    tags: { role: 'web' },
    protection: 'no-address',
  }),
  vm({
    n: 5,
    name: 'beichen-db',
    hostId: uuid('host', 2),
    tenant: 2,
    ipv4: '10.20.1.13',
    tags: { role: 'db' },
    state: 'shutoff',
  }),
];

export function manyVms(count: number, hostIds: readonly string[]): Vm[] {
  const random = seeded(7);
  const roles = ['web', 'app', 'db', 'cache', 'queue', 'batch'];
  return Array.from({ length: count }, (_, i) => {
    const n = i + 1;
    const role = roles[Math.floor(random() * roles.length)]!;
    return vm({
      n,
      name: `${role}-${String(n).padStart(5, '0')}`,
      hostId: hostIds[i % hostIds.length]!,
      tenant: 1 + (i % 2),
      ipv4: `10.${10 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`,
      tags: { role },
      ...(random() < 0.06
        ? { state: 'shutoff' as const }
        : random() < 0.02
          ? { protection: 'not-on-switch' as const }
          : {}),
    });
  });
}
