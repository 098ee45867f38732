import type { GatewayGroup, Host, Network, Policy, Tenant, Vm } from '@hypervigil/model';
import type { GroupSummary } from '../data/collections.ts';

type FoundKind = 'page' | 'vm' | 'host' | 'network' | 'tenant' | 'group' | 'gatewayGroup' | 'policy' | 'action';
export interface Found {
  readonly kind: FoundKind;
  readonly id: string;
  readonly name: string;
  /** What else it is known by: why it was found. */
  readonly detail: string;
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}
export interface Objects {
  readonly vms: readonly Vm[];
  readonly hosts: readonly Host[];
  readonly networks: readonly Network[];
  readonly tenants: readonly Tenant[];
  readonly groups: readonly GroupSummary[];
  readonly gatewayGroups: readonly GatewayGroup[];
  readonly policies: readonly Policy[];
}

const MAX_FOUND = 30;

/** 3 the whole name, 2 the start of a name, 1 somewhere in it, 0 not at all. */
function matchScore(query: string, names: readonly string[]): number {
  let best = 0;
  for (const name of names) {
    const text = name.toLowerCase();
    if (text === query) return 3;
    if (text.startsWith(query)) best = Math.max(best, 2);
    else if (text.includes(query)) best = Math.max(best, 1);
  }
  return best;
}

const vmNames = (vm: Vm) => [vm.name, vm.id, ...vm.vnics.flatMap((nic) => [nic.mac, ...nic.ipv4, ...nic.ipv6])];

/** Pages and actions first when nothing is typed; else everything that matches, best first. */
export function findAll(text: string, fixed: readonly Found[], objects: Objects): readonly Found[] {
  const query = text.trim().toLowerCase();
  if (query === '') return fixed;
  const scored: { found: Found; score: number }[] = [];
  const consider = (names: readonly string[], found: () => Found) => {
    const score = matchScore(query, names);
    if (score > 0) scored.push({ found: found(), score });
  };
  for (const found of fixed) consider([found.name, found.detail], () => found);
  for (const vm of objects.vms) {
    const names = vmNames(vm);
    consider(names, () => ({
      kind: 'vm',
      id: vm.id,
      name: vm.name,
      detail: names.slice(1).find((name) => name.toLowerCase().includes(query)) ?? vm.vnics[0]?.ipv4[0] ?? '',
      to: `/vms/${vm.id}`,
    }));
  }
  for (const host of objects.hosts)
    consider([host.name, host.id, host.facts?.hostname ?? ''], () => ({
      kind: 'host',
      id: host.id,
      name: host.name,
      detail: host.facts?.hostname ?? '',
      to: `/hosts/${host.id}`,
    }));
  for (const network of objects.networks)
    consider([network.name, network.id, ...network.cidrs], () => ({
      kind: 'network',
      id: network.id,
      name: network.name,
      detail: network.cidrs.join(', '),
      to: '/networks',
      search: { id: network.id },
    }));
  for (const tenant of objects.tenants)
    consider([tenant.name, tenant.id], () => ({
      kind: 'tenant',
      id: tenant.id,
      name: tenant.name,
      detail: tenant.description,
      to: '/tenants',
      search: { id: tenant.id },
    }));
  for (const group of objects.groups)
    consider([group.name, group.id], () => ({
      kind: 'group',
      id: group.id,
      name: group.name,
      detail: group.description,
      to: '/groups',
      search: { id: group.id },
    }));
  for (const group of objects.gatewayGroups)
    consider([group.name, group.id], () => ({
      kind: 'gatewayGroup',
      id: group.id,
      name: group.name,
      detail: group.description,
      to: '/gateways',
      search: { id: group.id },
    }));
  for (const policy of objects.policies)
    consider([policy.name, policy.id, ...policy.rules.map((rule) => rule.name)], () => ({
      kind: 'policy',
      id: policy.id,
      name: policy.name,
      detail: policy.description,
      to: '/policy',
      search: { id: policy.id },
    }));
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_FOUND)
    .map(({ found }) => found);
}
