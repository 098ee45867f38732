import type { HostIntent, HostIntentPatch, Id, IntentNetwork, IntentSet, IntentVnic } from '@hypervigil/model';
import { canonicalBlock, compareAddresses, linkLocal } from './address.ts';
import { addressBlocks } from './address-list.ts';
import type { CloudAddressSet, CloudChange, CloudState, CloudVm } from './cloud.ts';
import { networkLimit } from './limits.ts';
import { createMembership, type Stay } from './membership.ts';
import { byKey, byNum, canonicalIntent, diffRows, diffSets, type Stamp } from './patch.ts';
import { type CompiledRules, compileRules } from './rules.ts';
import { blockSet, setNum } from './sets.ts';

/** Keeps the neutral rule set of a cloud that changes. */
export interface IntentCompiler {
  /** The whole document. Costs as much as the cloud is large. */
  intent(): HostIntent;
  /**
   * Takes a change in and says what it means to hosts. A changed VM costs as much as the groups that it is in;
   * a changed group, network, tenant or policy costs one look at everything that it may concern.
   */
  update(change: CloudChange, stamp: Stamp): HostIntentPatch;
}

/**
 * The neutral rule set of a cloud, the same document for every host: a host polices whichever vNIC appears on it.
 *
 * What a tenant may decide: traffic among its own VMs, and between them and addresses that no VM of the cloud has on that
 * network. Its rules carry its number (`IntentRule.tenant`) and match nothing else, whatever they name; so no tenant
 * opens another's VM, and only the provider's rules join tenants. `evaluatePolicies` is the definition.
 */
export function compileIntent(state: CloudState, stamp: Stamp): HostIntent {
  return createIntentCompiler(state, stamp).intent();
}

export function createIntentCompiler(state: CloudState, stamp: Stamp): IntentCompiler {
  const cloud = createCloud();
  const membership = createMembership();
  const vnics = new Map<Id, IntentVnic[]>();
  /** What an address set comes to, for as long as it stays as it is. */
  const blockSets = new WeakMap<CloudAddressSet, IntentSet>();
  let compiled: CompiledRules = {
    rules: [],
    staged: [],
    limits: [],
    sets: [],
    groups: new Map(),
    addressSets: new Map(),
  };
  let held = stamp;

  function placeVm(id: Id): void {
    const vm = cloud.vms.get(id);
    const placed = vm ? neutralVnics(vm) : [];
    if (placed.length > 0) vnics.set(id, placed);
    else vnics.delete(id);
    if (vm) membership.setVm(vm, staysOf(vm, placed));
    else membership.removeVm(id);
  }

  /** vNICs on a network of the cloud; the others cannot be policed. */
  function neutralVnics(vm: CloudVm): IntentVnic[] {
    const tenant = vm.tenantId === null ? null : (cloud.tenants.get(vm.tenantId)?.num ?? null);
    return vm.vnics.flatMap(({ num, id, networkId, mac, ipv4, ipv6 }) => {
      const network = networkId === null ? undefined : cloud.networks.get(networkId)?.num;
      if (network === undefined) return [];
      const addresses = { ipv4: canonicalAddresses(ipv4), ipv6: canonicalAddresses(ipv6) };
      const { quarantined } = vm;
      return [{ num, id, vmId: vm.id, network, tenant, mac: mac.toLowerCase(), ...addresses, quarantined }];
    });
  }

  /** The VMs that a change concerns. */
  function concerned(change: CloudChange): Set<Id> {
    const everyone = touches(change, 'tenants') || touches(change, 'networks');
    return new Set([
      ...(change.remove?.vms ?? []),
      ...(change.upsert?.vms ?? []).map((vm) => vm.id),
      ...(everyone ? cloud.vms.keys() : []),
    ]);
  }

  function take(change: CloudChange, vms: Iterable<Id>): void {
    const areOthers = (['addressSets', 'groups', 'networks'] as const).some((kind) => comeOrGo(cloud, change, kind));
    merge(cloud, change);
    for (const id of change.remove?.groups ?? []) membership.removeGroup(id);
    // Groups first: VMs find theirs by what they have, while a group has to look at every VM that is placed already.
    for (const group of change.upsert?.groups ?? []) membership.setGroup(group);
    for (const id of vms) placeVm(id);
    if (areOthers || RULES_DEPEND_ON.some((kind) => touches(change, kind)))
      compiled = compileRules(
        cloud.policies.values(),
        cloud.tenants,
        cloud.groups,
        cloud.addressSets,
        cloud.schedules,
        cloud.namedServices,
        cloud.networks,
        cloud.limits.values(),
      );
  }

  const setOfGroup = ([num, id]: readonly [number, Id]): IntentSet => ({
    num,
    tenant: null,
    members: membership.members(id),
  });

  function setOfList([num, id]: readonly [number, Id]): IntentSet {
    const list = cloud.addressSets.get(id)!;
    const known = blockSets.get(list);
    if (known) return known;
    const made = blockSet(num, addressBlocks(list));
    blockSets.set(list, made);
    return made;
  }
  const setsOfLists = () => [...compiled.addressSets].map(setOfList);

  take({ upsert: state }, new Set(state.vms.map((vm) => vm.id)));
  membership.takeChanges();

  return {
    intent: () =>
      canonicalIntent({
        ...held,
        networks: neutralNetworks(cloud),
        tenants: neutralTenants(cloud),
        vnics: [...vnics.values()].flat(),
        sets: [...compiled.sets, ...setsOfLists(), ...[...compiled.groups].map(setOfGroup)],
        rules: compiled.rules,
        staged: compiled.staged,
        limits: compiled.limits,
      }),

    update(change, next) {
      const vms = concerned(change);
      const vnicsOf = () => [...vms].flatMap((id) => vnics.get(id) ?? []);
      const before = {
        networks: touchesNetworks(change) ? neutralNetworks(cloud) : [],
        tenants: touches(change, 'tenants') ? neutralTenants(cloud) : [],
        vnics: vnicsOf(),
        compiled,
        lists: setsOfLists(),
        revision: held.revision,
      };
      take(change, vms);
      held = next;

      const isRecompiled = compiled !== before.compiled;
      const sets = diffSets(
        [...(isRecompiled ? before.compiled.sets : []), ...before.lists],
        [...(isRecompiled ? compiled.sets : []), ...setsOfLists()],
      );
      for (const [id, members] of membership.takeChanges()) {
        const num = setNum.group(cloud.groups.get(id)?.num ?? 0);
        const isKept = compiled.groups.get(num) === id && before.compiled.groups.get(num) === id;
        if (isKept) sets.change.push({ num, add: members.add, remove: members.remove });
      }
      if (isRecompiled) {
        for (const [num, id] of compiled.groups)
          if (before.compiled.groups.get(num) !== id) sets.upsert.push(setOfGroup([num, id]));
        for (const num of before.compiled.groups.keys()) if (!compiled.groups.has(num)) sets.remove.push(num);
      }

      return {
        ...next,
        base: before.revision,
        networks: diffRows(before.networks, touchesNetworks(change) ? neutralNetworks(cloud) : [], byNum),
        tenants: diffRows(before.tenants, touches(change, 'tenants') ? neutralTenants(cloud) : [], byNum),
        vnics: diffRows(before.vnics, vnicsOf(), byNum),
        sets,
        rules: isRecompiled ? diffRows(before.compiled.rules, compiled.rules, byKey) : { upsert: [], remove: [] },
        staged: isRecompiled ? diffRows(before.compiled.staged, compiled.staged, byKey) : { upsert: [], remove: [] },
        limits: isRecompiled ? diffRows(before.compiled.limits, compiled.limits, byNum) : { upsert: [], remove: [] },
      };
    },
  };
}

const RULES_DEPEND_ON = ['tenants', 'schedules', 'namedServices', 'policies', 'limits'] as const;

/** A VM's addresses where they are, the link-local ones included: else a rule about its group would not hold for them. */
function staysOf({ vnics }: CloudVm, placed: readonly IntentVnic[]): Stay[] {
  const networkOf = new Map(vnics.map(({ id, networkId }) => [id, networkId]));
  return placed.map(({ id, network, mac, ipv4, ipv6 }) => ({
    networkId: networkOf.get(id)!,
    addresses: [...new Set([...ipv4, ...ipv6, linkLocal(mac)])].map((cidr) => ({ network, cidr })),
  }));
}

type Cloud = { readonly [Kind in keyof CloudState]: Map<Id, CloudState[Kind][number]> };

const createCloud = (): Cloud => ({
  tenants: new Map(),
  networks: new Map(),
  vms: new Map(),
  groups: new Map(),
  addressSets: new Map(),
  schedules: new Map(),
  namedServices: new Map(),
  policies: new Map(),
  limits: new Map(),
});

function merge(cloud: Cloud, { upsert = {}, remove = {} }: CloudChange): void {
  for (const kind of Object.keys(cloud) as (keyof CloudState)[]) {
    const rows = cloud[kind] as Map<Id, { readonly id: Id }>;
    for (const id of remove[kind] ?? []) rows.delete(id);
    for (const row of upsert[kind] ?? []) rows.set(row.id, row);
  }
}

function touches({ upsert = {}, remove = {} }: CloudChange, kind: keyof CloudState): boolean {
  return (upsert[kind]?.length ?? 0) + (remove[kind]?.length ?? 0) > 0;
}

/** To rules and limits, a set with other entries is the same set, and so is a network. */
function comeOrGo(
  cloud: Cloud,
  { upsert = {}, remove = {} }: CloudChange,
  kind: 'addressSets' | 'groups' | 'networks',
): boolean {
  const rows: ReadonlyMap<Id, { readonly num: number }> = cloud[kind];
  return (
    (upsert[kind] ?? []).some(({ id, num }) => rows.get(id)?.num !== num) ||
    (remove[kind] ?? []).some((id) => rows.has(id))
  );
}

function neutralNetworks({ networks, limits }: Cloud): IntentNetwork[] {
  const all = [...limits.values()].filter(({ networkOpen }) => networkOpen !== null);
  return [...networks.values()].map((network) => {
    const { num, id, vlan } = network;
    return { num, id, vlan, maxConnections: networkLimit(all, network)?.networkOpen ?? null };
  });
}

/** Networks are others to hosts when they, or what they may have, change. */
const touchesNetworks = (change: CloudChange): boolean => touches(change, 'networks') || touches(change, 'limits');

const neutralTenants = (cloud: Cloud) =>
  [...cloud.tenants.values()].map(({ num, id, intraTenant }) => ({ num, id, intraTenant }));

/** Sorted, each once, in canonical text. */
function canonicalAddresses(addresses: readonly string[]): string[] {
  const canonical = new Set(addresses.map(canonicalBlock));
  return [...canonical].sort(compareAddresses);
}
