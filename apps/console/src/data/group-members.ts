import { type Group, holdsVm, type Id, type ReadGroup, readGroup, type Vm } from '@hypervigil/model';

/** Groups as members are found by them. */
export type ReadGroups = ReadonlyMap<Id, ReadGroup>;

export const readGroups = (groups: readonly Group[]): ReadGroups =>
  new Map(groups.map((group) => [group.id, readGroup(group)]));

/** Who is in a group now. */
export const groupMembers = (groups: ReadGroups, id: Id, vms: readonly Vm[]): readonly Vm[] =>
  vms.filter((vm) => holdsVm(groups, id, vm));

/** The group and those that it is within: none of them can be put into it. */
export function around(groups: ReadGroups, id: Id): ReadonlySet<Id> {
  const found = new Set([id]);
  for (const one of found) for (const [outer, { groupIds }] of groups) if (groupIds.includes(one)) found.add(outer);
  return found;
}
