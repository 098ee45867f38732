import type { Id } from './ids.ts';
import type { Vm, Vnic } from './inventory.ts';
import type { Group } from './policy.ts';
import { type Selector, selectorOf, selects } from './selector.ts';

/** What makes members of a group, its selector read. */
export type ReadGroup = Pick<Group, 'id' | 'tenantId' | 'vmIds' | 'networkIds' | 'tenantIds' | 'groupIds'> & {
  readonly selector: Selector | null;
};

/** What of a VM groups look at. */
export type GroupedVm = Pick<Vm, 'id' | 'tenantId' | 'tags'>;

export function readGroup(group: Pick<Group, keyof ReadGroup>): ReadGroup {
  const { id, tenantId, vmIds, networkIds, tenantIds, groupIds, selector } = group;
  return { id, tenantId, vmIds, networkIds, tenantIds, groupIds, selector: selectorOf(selector) };
}

/**
 * Whether the vNICs that a VM has on a network are in a group; with null for the network, whether the VM is, wherever
 * its vNICs are. The definition that every index of members is held against. Groups within each other in a circle,
 * which nobody can make, hold what one of them has of its own.
 */
export function isMember(groups: ReadonlyMap<Id, ReadGroup>, id: Id, vm: GroupedVm, networkId: Id | null): boolean {
  const seen = new Set<Id>();
  const isWithin = (one: Id): boolean => {
    const group = groups.get(one);
    if (!group || seen.has(one)) return false;
    seen.add(one);
    return mayHold(group, vm) && (isOwnMember(group, vm, networkId) || group.groupIds.some(isWithin));
  };
  return isWithin(id);
}

/** Whether a VM, or any of its vNICs, is in a group. */
export function holdsVm(
  groups: ReadonlyMap<Id, ReadGroup>,
  id: Id,
  vm: GroupedVm & { readonly vnics: readonly Pick<Vnic, 'networkId'>[] },
): boolean {
  return isMember(groups, id, vm, null) || vm.vnics.some(({ networkId }) => isMember(groups, id, vm, networkId));
}

/** Of a tenant's group no other tenant's VM is a member. */
export const mayHold = (group: Pick<ReadGroup, 'tenantId'>, vm: GroupedVm): boolean =>
  group.tenantId === null || group.tenantId === vm.tenantId;

function isOwnMember(group: ReadGroup, vm: GroupedVm, networkId: Id | null): boolean {
  return (
    group.vmIds.includes(vm.id) ||
    (vm.tenantId !== null && group.tenantIds.includes(vm.tenantId)) ||
    (networkId !== null && group.networkIds.includes(networkId)) ||
    (group.selector !== null && selects(group.selector, vm.tags))
  );
}
