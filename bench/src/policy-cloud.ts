import {
  ANYONE,
  type Id,
  type Peer,
  RULE_DEFAULTS,
  type Rule,
  type Service,
  selectorOf,
  type Tier,
} from '@hypervigil/model';
import type { CloudGroup, CloudNetwork, CloudPolicy, CloudState, CloudTenant, CloudVm } from '@hypervigil/policy';

/**
 * A large cloud with sizes as they are in life: one tenant has a tenth of the VMs, ten have a fifth, and hundreds share
 * the rest. Groups go by tags and hold some ten VMs each, networks hold up to 500, and some networks are shared by fifty
 * tenants. One rule in twenty is a mistake: it says again what another said, or speaks of nobody.
 */
export interface CloudSize {
  readonly vnics: number;
  readonly groups: number;
  readonly rules: number;
}

const KINDS = { tenant: 1, network: 2, vm: 3, vnic: 4, group: 5, policy: 6, rule: 7 } as const;
const idOf = (kind: keyof typeof KINDS, n: number): Id =>
  `0000000${KINDS[kind]}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const SHARE_OF_NETWORK = 500;
const TENANTS_ON_SHARED = 50;
/** Of a hundred VMs on shared networks. */
const SHARED = 5;
/** Of ten rules the provider's. */
const PROVIDER_RULES = 0.1;
const MISTAKE_EACH = 20;
const SERVICES: readonly (readonly Service[])[] = [
  [{ protocol: 'tcp', ports: ['443'] }],
  [{ protocol: 'tcp', ports: ['80', '443', '8080-8090'] }],
  [{ protocol: 'tcp', ports: ['5432'] }],
  [{ protocol: 'tcp', ports: ['22'] }],
  [
    { protocol: 'udp', ports: ['53'] },
    { protocol: 'tcp', ports: ['53'] },
  ],
  [{ protocol: 'icmp' }, { protocol: 'icmpv6' }],
  [{ protocol: 'tcp', ports: ['9000-9100'] }],
  [],
];

interface Plan {
  readonly tenant: number;
  readonly vms: number;
  readonly groups: number[];
}

export function largeCloud(size: CloudSize): CloudState {
  const plans = planTenants(size);
  const networks: CloudNetwork[] = [];
  const network = (n: number): CloudNetwork => {
    networks[n - 1] ??= { id: idOf('network', n), num: n, vlan: n % 4094 || null, tenantId: null };
    return networks[n - 1]!;
  };
  const vms: CloudVm[] = [];
  const groups: CloudGroup[] = [];
  let used = Math.ceil(plans.length / TENANTS_ON_SHARED);
  for (const { tenant, vms: count, groups: nums } of plans) {
    const shared = network(1 + Math.floor((tenant - 1) / TENANTS_ON_SHARED));
    for (let i = 0; i < count; i++) {
      const own = network(used + 1 + Math.floor(i / SHARE_OF_NETWORK));
      const group = nums[i % nums.length] ?? 0;
      vms.push(vmOf(vms.length + 1, tenant, i % 100 < SHARED ? shared : own, group));
    }
    used += Math.ceil(count / SHARE_OF_NETWORK);
    for (const num of nums) groups.push(groupOf(num, tenant));
  }
  return {
    tenants: plans.map(
      ({ tenant }): CloudTenant => ({
        id: idOf('tenant', tenant),
        num: tenant,
        intraTenant: tenant % 4 === 0 ? 'deny' : 'allow',
      }),
    ),
    networks: networks.filter((one) => one !== undefined),
    vms,
    groups,
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    policies: policiesOf(size, plans),
  };
}

function planTenants({ vnics, groups }: CloudSize): Plan[] {
  const sizes = [vnics * 0.1, ...Array<number>(10).fill(vnics * 0.02)].map(Math.floor);
  const small = 70;
  for (let rest = vnics - sizes.reduce((a, b) => a + b, 0); rest > 0; rest -= small) sizes.push(Math.min(rest, small));
  let next = 1;
  let counted = 0;
  return sizes.map((vms, i) => {
    counted += vms;
    const until = Math.max(next + 1, Math.round((groups * counted) / vnics) + 1);
    const nums = Array.from({ length: until - next }, (_, n) => next + n);
    next = until;
    return { tenant: i + 1, vms, groups: nums };
  });
}

function vmOf(n: number, tenant: number, { id, num }: CloudNetwork, group: number): CloudVm {
  const hex = (value: number) => (value & 0xff).toString(16).padStart(2, '0');
  const address = `10.${(num >> 8) & 0xff}.${num & 0xff}.`;
  return {
    id: idOf('vm', n),
    tenantId: idOf('tenant', tenant),
    tags: { app: `app${group}`, env: n % 3 === 0 ? 'test' : 'prod' },
    quarantined: false,
    vnics: [
      {
        id: idOf('vnic', n),
        num: n,
        networkId: id,
        mac: `52:54:${hex(n >> 24)}:${hex(n >> 16)}:${hex(n >> 8)}:${hex(n)}`,
        // Addresses may be the same on two networks, and are.
        ipv4: [`${address.replace(/\d+\.$/, '')}${(n >> 8) & 0xff}.${n & 0xff}`],
        ipv6: n % 2 === 0 ? [`2001:db8:${num.toString(16)}::${n.toString(16)}`] : [],
      },
    ],
  };
}

const groupOf = (num: number, tenant: number): CloudGroup => ({
  id: idOf('group', num),
  num,
  tenantId: idOf('tenant', tenant),
  vmIds: [],
  networkIds: [],
  tenantIds: [],
  groupIds: [],
  selector: selectorOf(num % 4 === 0 ? `app=app${num} and env=prod` : `app=app${num}`),
});

function policiesOf({ rules, vnics, groups }: CloudSize, plans: readonly Plan[]): CloudPolicy[] {
  const providers = Math.floor(rules * PROVIDER_RULES);
  const policies: CloudPolicy[] = [];
  let made = 0;
  const policy = (tier: Tier, tenant: number | null, count: number, make: (i: number) => Partial<Rule>): void => {
    const tenantId = tenant === null ? null : idOf('tenant', tenant);
    const list: Rule[] = [];
    for (let i = 0; i < count; i++) {
      const num = 100 + made++;
      const before = list.at(-1);
      const rule: Rule = {
        id: idOf('rule', num),
        num,
        name: `rule ${num}`,
        enabled: true,
        action: 'allow',
        from: ANYONE,
        to: ANYONE,
        services: [],
        ...RULE_DEFAULTS,
        log: num % 2 === 0,
        ...make(i),
      };
      list.push(before && num % MISTAKE_EACH === 0 ? { ...before, id: rule.id, num, name: rule.name } : rule);
    }
    policies.push({
      id: idOf('policy', policies.length + 1),
      tier,
      tenantId,
      order: policies.length,
      enabled: true,
      rules: list,
    });
  };
  const group = (n: number): Peer => ({ ...ANYONE, groupIds: [idOf('group', 1 + (n % groups))] });

  policy('emergency', null, Math.floor(providers * 0.02), (i) => ({ action: 'deny', from: threats(i), log: true }));
  policy('platform', null, Math.floor(providers * 0.96), (i) => ({
    from: i % 3 === 0 ? { ...ANYONE, cidrs: [`192.0.2.${i % 256}`] } : group(i * 7),
    to: i % 3 === 1 ? { ...ANYONE, cidrs: [`198.51.100.${i % 256}`] } : group(i * 13),
    services: [...SERVICES[i % SERVICES.length]!],
  }));
  policy('baseline', null, providers - Math.floor(providers * 0.02) - Math.floor(providers * 0.96), (i) => ({
    action: 'deny',
    to: { ...ANYONE, cidrs: [`100.64.${i % 256}.0/24`] },
  }));
  let counted = 0;
  for (const { tenant, vms, groups: nums } of plans) {
    const before = counted;
    counted += vms;
    const share = (upTo: number) => Math.round(((rules - providers) * upTo) / vnics);
    policy('tenant', tenant, share(counted) - share(before), (i) => tenantRule(i, nums));
  }
  return policies;
}

function tenantRule(i: number, nums: readonly number[]): Partial<Rule> {
  const group = (n: number): Peer => ({ ...ANYONE, groupIds: [idOf('group', nums[n % nums.length]!)] });
  const services = [...SERVICES[(i * 5) % SERVICES.length]!];
  switch (i % 10) {
    case 0:
      return { from: { ...ANYONE, cidrs: ['0.0.0.0/0'] }, to: group(i), services: [...SERVICES[1]!] };
    case 1:
      return { from: { ...ANYONE, cidrs: [`203.0.113.${(i * 4) % 256}/30`] }, to: group(i), services };
    case 2:
      return { from: group(i), to: { ...ANYONE, cidrs: [`198.18.${i % 256}.0/24`] }, services };
    case 3:
      return { action: 'deny', from: group(i), to: group(i + 1) };
    default:
      return { from: group(i), to: group(Math.floor(i / 3) + 1), services };
  }
}

function threats(i: number): Peer {
  return {
    ...ANYONE,
    cidrs: Array.from({ length: 100 }, (_, n) => `${185 + (i % 8)}.${(i * 31 + n) % 256}.${n * 2}.0/24`),
  };
}
