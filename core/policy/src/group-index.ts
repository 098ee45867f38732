import { type GroupedVm, type Id, mayHold, selects } from '@hypervigil/model';
import { type Anchor, anchorsOf } from './anchors.ts';
import type { CloudGroup } from './cloud.ts';
import { getOrAdd } from './maps.ts';

/** Groups found from a VM: by its id, tenant, networks and tags. What it finds is what `isMember` says. */
export interface GroupIndex {
  set(group: CloudGroup): void;
  remove(id: Id): void;
  get(id: Id): CloudGroup | undefined;
  /** Groups that a VM's vNICs on a network are in. Costs as much as the groups that they may be in. */
  groupsOf(vm: GroupedVm, networkId: Id | null): Set<Id>;
  /** Groups that a VM, or any of its vNICs, is in. */
  groupsHolding(vm: PlacedVm): ReadonlySet<Id>;
  /** Whether they are in one of them. Costs as much as the groups within it. */
  contains(id: Id, vm: GroupedVm, networkId: Id | null): boolean;
}

type PlacedVm = GroupedVm & { readonly vnics: readonly { readonly networkId: Id | null }[] };

export function createGroupIndex(all: Iterable<CloudGroup> = []): GroupIndex {
  const groups = new Map<Id, CloudGroup>();
  /** What a VM may have (its id, a network, a tag …) → the groups that ask for it. */
  const asking = new Map<string, Set<Id>>();
  /** Groups whose selector says nothing that a VM must have. */
  const lookedAtAlways = new Set<Id>();
  /** Group → the groups that it is named in. */
  const outer = new Map<Id, Set<Id>>();

  function index(group: CloudGroup, change: (ids: Set<Id>) => void): void {
    const anchors = group.selector === null ? [] : anchorsOf(group.selector);
    if (anchors === null) change(lookedAtAlways);
    const keys = [
      ...group.vmIds.map(KEY.vm),
      ...group.networkIds.map(KEY.network),
      ...group.tenantIds.map(KEY.tenant),
      ...(anchors ?? []).map(KEY.anchor),
    ];
    for (const key of keys) changeIn(asking, key, change);
    for (const inner of group.groupIds) changeIn(outer, inner, change);
  }

  function remove(id: Id): void {
    const group = groups.get(id);
    if (!group) return;
    groups.delete(id);
    index(group, (ids) => ids.delete(id));
  }

  function set(group: CloudGroup): void {
    remove(group.id);
    groups.set(group.id, group);
    index(group, (ids) => ids.add(group.id));
  }

  const isAsking = (key: string, id: Id): boolean => asking.get(key)?.has(id) ?? false;

  const isOwn = (group: CloudGroup, vm: GroupedVm, networkId: Id | null): boolean =>
    isAsking(KEY.vm(vm.id), group.id) ||
    (networkId !== null && isAsking(KEY.network(networkId), group.id)) ||
    (vm.tenantId !== null && isAsking(KEY.tenant(vm.tenantId), group.id)) ||
    (group.selector !== null && selects(group.selector, vm.tags));

  function* candidates(vm: GroupedVm, networkId: Id | null): Iterable<Id> {
    yield* lookedAtAlways;
    yield* asking.get(KEY.vm(vm.id)) ?? [];
    if (networkId !== null) yield* asking.get(KEY.network(networkId)) ?? [];
    if (vm.tenantId !== null) yield* asking.get(KEY.tenant(vm.tenantId)) ?? [];
    for (const [key, value] of Object.entries(vm.tags)) {
      yield* asking.get(KEY.anchor({ key, value })) ?? [];
      yield* asking.get(KEY.anchor({ key, value: null })) ?? [];
    }
  }

  function groupsOf(vm: GroupedVm, networkId: Id | null): Set<Id> {
    const found = new Set<Id>();
    for (const id of candidates(vm, networkId)) {
      const group = groups.get(id);
      if (group && !found.has(id) && mayHold(group, vm) && isOwn(group, vm, networkId)) found.add(id);
    }
    // A set takes what is added while it is gone through: so outwards, as far as the tenant allows.
    for (const id of found)
      for (const around of outer.get(id) ?? []) {
        const group = groups.get(around);
        if (group && mayHold(group, vm)) found.add(around);
      }
    return found;
  }

  for (const group of all) set(group);
  return {
    set,
    remove,
    get: (id) => groups.get(id),
    groupsOf,
    groupsHolding: (vm) =>
      new Set(
        [...new Set([null, ...vm.vnics.map(({ networkId }) => networkId)])].flatMap((networkId) => [
          ...groupsOf(vm, networkId),
        ]),
      ),

    contains(id, vm, networkId) {
      const within = new Set([id]);
      for (const one of within) {
        const group = groups.get(one);
        if (!group || !mayHold(group, vm)) continue;
        if (isOwn(group, vm, networkId)) return true;
        for (const inner of group.groupIds) within.add(inner);
      }
      return false;
    },
  };
}

const KEY = {
  vm: (id: Id): string => `vm ${id}`,
  network: (id: Id): string => `network ${id}`,
  tenant: (id: Id): string => `tenant ${id}`,
  anchor: ({ key, value }: Anchor): string => `tag ${JSON.stringify([key, value])}`,
};

/** Empty sets go: a key that nobody asks for any more costs nothing. */
function changeIn<K>(sets: Map<K, Set<Id>>, key: K, change: (ids: Set<Id>) => void): void {
  const ids = getOrAdd(sets, key, () => new Set<Id>());
  change(ids);
  if (ids.size === 0) sets.delete(key);
}
