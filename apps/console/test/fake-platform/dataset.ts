import type { AuditEntry, DraftPolicy, PolicyStatus } from '@hypervigil/contract';
import type {
  Flow,
  Gateway,
  GatewayGroup,
  Group,
  Host,
  HostFirewall,
  HostFirewallDefault,
  Network,
  Task,
  Tenant,
  Vm,
} from '@hypervigil/model';
import { busyFlows, demoFlows } from './flows.ts';
import { demoGatewayGroups, demoGateways } from './gateways.ts';
import { demoFirewallDefault, demoFirewalls } from './host-firewalls.ts';
import { ago, HOUR, MINUTE, SECOND, uuid } from './make.ts';
import { demoGroups, demoPolicies } from './policies.ts';
import { demoVms, manyVms } from './vms.ts';

export interface Dataset {
  hosts: Host[];
  vms: Vm[];
  networks: Network[];
  tenants: Tenant[];
  groups: Group[];
  gatewayGroups: GatewayGroup[];
  gateways: Gateway[];
  published: DraftPolicy[];
  draft: DraftPolicy[];
  policy: Pick<PolicyStatus, 'publishedRevision' | 'publishedAt' | 'publishedBy' | 'draftRevision'>;
  revisions: { revision: number; publishedAt: string; publishedBy: string; comment: string; rules: number }[];
  flows: Flow[];
  tasks: Task[];
  audit: AuditEntry[];
  firewalls: HostFirewall[];
  firewallDefault: HostFirewallDefault;
}

/** `demo`: what the lab has; `vms`: 10,000 VMs, or as many as asked for; `flows`: 10,000 flows; `empty`: the first minute after installation. */
export type Mode = 'demo' | 'vms' | 'flows' | 'empty';

const host = (n: number, vms: number): Host => ({
  id: uuid('host', n),
  name: `kvm-0${n}`,
  state: 'online',
  facts: {
    hostname: `kvm-0${n}.lab`,
    arch: 'x86_64',
    cpus: 64,
    memoryMiB: 262_144,
    kernel: '6.1.0-28-amd64',
    libvirt: '9.0.0',
    hypervisor: 'QEMU 7.2.15',
    ovs: '3.1.0',
    engine: '0.1.0',
  },
  health: (['libvirt', 'ovs', 'disk', 'clock', 'spool', 'flows'] as const).map((name) => ({
    name,
    ok: true,
    code: 'ok',
    params: {},
  })),
  intentRevision: 42,
  appliedRevision: 42,
  applyError: null,
  vms,
  enrolledAt: ago(26 * HOUR),
  lastSeenAt: ago(2 * SECOND),
  certificateExpiresAt: new Date(Date.now() + 80 * 24 * HOUR).toISOString(),
});

const tenant = (n: number, name: string, description: string, intraTenant: 'allow' | 'deny'): Tenant => ({
  id: uuid('tenant', n),
  num: n,
  name,
  description,
  intraTenant,
  createdAt: ago(25 * HOUR),
});

const network = (
  n: number,
  name: string,
  vlan: number | null,
  cidrs: string[],
  tenantId: string | null,
  vms: number,
): Network => ({
  id: uuid('network', n),
  num: n,
  name,
  vlan,
  cidrs,
  tenantId,
  vms,
  createdAt: ago(25 * HOUR),
});

function demo(): Dataset {
  const vms = demoVms();
  const published = demoPolicies();
  return {
    hosts: [host(1, 3), host(2, 2)],
    vms,
    tenants: [
      tenant(1, 'aurora', 'Web shop of the Aurora retail group', 'allow'),
      tenant(2, '北辰', '北辰数据服务有限公司', 'deny'),
    ],
    networks: [
      network(1, 'aurora-net', 101, ['10.10.1.0/24', '2001:db8:10:1::/64'], uuid('tenant', 1), 3),
      network(2, 'beichen-net', 102, ['10.20.1.0/24'], uuid('tenant', 2), 2),
    ],
    groups: demoGroups(),
    gatewayGroups: demoGatewayGroups(),
    gateways: demoGateways(),
    published,
    draft: structuredClone(published),
    policy: { publishedRevision: 7, publishedAt: ago(18 * MINUTE), publishedBy: 'admin', draftRevision: 7 },
    revisions: [
      {
        revision: 7,
        publishedAt: ago(18 * MINUTE),
        publishedBy: 'admin',
        comment: 'Let the web tier reach the database',
        rules: 6,
      },
      { revision: 6, publishedAt: ago(3 * HOUR), publishedBy: 'admin', comment: '', rules: 5 },
    ],
    flows: demoFlows(vms),
    firewalls: demoFirewalls(),
    firewallDefault: demoFirewallDefault(),
    tasks: [
      task(1, 'vm.migrate', 'done', vms[1]!.id, uuid('host', 1), 7 * MINUTE, { toHostId: uuid('host', 2) }),
      task(2, 'vm.start', 'failed', vms[4]!.id, uuid('host', 2), 31 * MINUTE, {}),
      task(3, 'host.sync', 'done', null, uuid('host', 1), 2 * HOUR, {}),
    ],
    audit: [
      entry(7, 'host:kvm-a', 'gateway.seen', 'failed', `gateway:${uuid('gateway', 1)}`, 4 * MINUTE, {
        num: 1,
        phase: 'silent',
      }),
      entry(6, 'mia', 'updateLimit', 'refused', `limit:${uuid('limit', 1)}`, 6 * MINUTE, {
        permission: 'limit:write',
        denial: 'duty',
      }),
      entry(5, 'admin', 'vm.migrate', 'done', `vm:${uuid('vm', 5)}`, 9 * MINUTE, { toHostId: uuid('host', 2) }),
      entry(4, 'admin', 'policy.published', 'done', 'revision:7', 18 * MINUTE, {
        comment: 'Let the web tier reach the database',
      }),
      entry(3, 'admin', 'vm.updated', 'done', `vm:${uuid('vm', 5)}`, 40 * MINUTE, { tenantId: uuid('tenant', 2) }),
      entry(2, '', 'session.begin', 'refused', 'user:root', 55 * MINUTE, { source: '10.0.0.9' }),
      entry(1, 'admin', 'session.begin', 'done', 'user:admin', 56 * MINUTE, { source: '10.0.0.9' }),
    ],
  };
}

const task = (
  n: number,
  kind: Task['kind'],
  state: Task['state'],
  vmId: string | null,
  hostId: string,
  age: number,
  params: Task['params'],
): Task => ({
  id: uuid('task', n),
  kind,
  state,
  vmId,
  hostId,
  params,
  createdBy: 'admin',
  createdAt: ago(age),
  startedAt: ago(age - 200),
  endedAt: ago(age - 4700),
  progress: null,
  error:
    state === 'failed'
      ? { code: 'libvirt', message: 'internal error: process exited while connecting to monitor' }
      : null,
});

const entry = (
  id: number,
  actor: string,
  action: string,
  outcome: AuditEntry['outcome'],
  subject: string,
  age: number,
  params: AuditEntry['params'],
): AuditEntry => ({
  id,
  at: ago(age),
  actor,
  action,
  outcome,
  subject,
  params,
  requestId: `req-${String(id).padStart(6, '0')}`,
});

export function createDataset(mode: Mode, manyOf = 10_000): Dataset {
  const base = demo();
  switch (mode) {
    case 'demo':
      return base;
    case 'flows':
      return { ...base, flows: busyFlows(base.vms, 10_000) };
    case 'vms': {
      const hosts = Array.from({ length: 40 }, (_, n) => ({
        ...host(1, 250),
        id: uuid('host', n + 1),
        name: `kvm-${String(n + 1).padStart(2, '0')}`,
      }));
      const vms = manyVms(
        manyOf,
        hosts.map(({ id }) => id),
      );
      return { ...base, hosts, vms, flows: busyFlows(vms, 10_000) };
    }
    case 'empty':
      return {
        ...base,
        hosts: [],
        vms: [],
        networks: [],
        tenants: [],
        groups: [],
        gatewayGroups: [],
        gateways: [],
        published: [],
        draft: [],
        flows: [],
        firewalls: [],
        firewallDefault: {
          ...base.firewallDefault,
          revision: 0,
          policy: null,
          changedAt: null,
          changedBy: null,
          confirmed: false,
        },
        tasks: [],
        audit: [],
        revisions: [],
        policy: { publishedRevision: 0, publishedAt: null, publishedBy: null, draftRevision: 0 },
      };
  }
}
