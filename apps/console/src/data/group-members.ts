import type { Group, Vm } from '@hypervigil/model';

type Definition = Pick<Group, 'vmIds' | 'selector' | 'tenantId'>;

/** Who is in a group now: named members, and the tenant's VMs that have all of the selector's tags (model: `Group`). */
export function groupMembers(group: Definition, vms: readonly Vm[]): readonly Vm[] {
  const named = new Set(group.vmIds);
  const tags = Object.entries(group.selector);
  const selected = (vm: Vm) =>
    tags.length > 0 &&
    (group.tenantId === null || vm.tenantId === group.tenantId) &&
    tags.every(([key, value]) => vm.tags[key] === value);
  return vms.filter((vm) => named.has(vm.id) || selected(vm));
}
