import type { GroupedVm, Id, IntentSet } from '@hypervigil/model';
import type { CloudGroup } from './cloud.ts';
import { createGroupIndex } from './group-index.ts';
import { getOrAdd } from './maps.ts';
import { changeMembers, memberKey, sortMembers } from './sets.ts';

type Member = IntentSet['members'][number];
interface Counted {
  readonly member: Member;
  count: number;
}

interface MemberChange {
  readonly add: Member[];
  readonly remove: Member[];
}

/** A VM on a network, with its addresses there. */
export interface Stay {
  readonly networkId: Id;
  readonly addresses: readonly Member[];
}

/**
 * Which addresses are in which group. A changed VM costs as much as the groups that it may be in, however large the
 * cloud; a changed group one look at every VM, and then as much as the VMs that came or went, in it and in the groups
 * around it. Two VMs may lend a group the same address, hence counts.
 */
export interface Membership {
  setGroup(group: CloudGroup): void;
  removeGroup(id: Id): void;
  /** Puts a VM's addresses into its groups in place of those it lent before. */
  setVm(vm: GroupedVm, stays: readonly Stay[]): void;
  removeVm(id: Id): void;
  members(groupId: Id): Member[];
  /** What became of groups since the last call, by group. */
  takeChanges(): Map<Id, MemberChange>;
}

interface Lent extends Stay {
  groups: ReadonlySet<Id>;
}

export function createMembership(): Membership {
  const index = createGroupIndex();
  const members = new Map<Id, Map<string, Counted>>();
  /** Groups that were asked for, in order, as of the last change that was taken. */
  const sorted = new Map<Id, Member[]>();
  const lent = new Map<Id, { readonly vm: GroupedVm; readonly stays: readonly Lent[] }>();
  /** Group → member → whether it was in before the first change. */
  const touched = new Map<Id, Map<string, { member: Member; before: boolean }>>();

  function count(groupId: Id, member: Member, step: 1 | -1): void {
    const inGroup = getOrAdd(members, groupId, () => new Map<string, Counted>());
    const key = memberKey(member);
    const counted = getOrAdd(inGroup, key, () => ({ member, count: 0 }));
    const seen = getOrAdd(touched, groupId, () => new Map<string, { member: Member; before: boolean }>());
    if (!seen.has(key)) seen.set(key, { member, before: counted.count > 0 });
    counted.count += step;
    if (counted.count === 0) inGroup.delete(key);
  }

  /** Joins the groups that are new and leaves those that are not among them any more. */
  function regroup(stay: Lent, groups: ReadonlySet<Id>): void {
    const before = stay.groups;
    stay.groups = groups;
    for (const id of before) if (!groups.has(id)) for (const member of stay.addresses) count(id, member, -1);
    for (const id of groups) if (!before.has(id)) for (const member of stay.addresses) count(id, member, 1);
  }

  /** Looks again at the VMs of which a group's change may have made others. */
  function settle(id: Id, ids: Iterable<Id>): void {
    for (const vmId of ids) {
      const one = lent.get(vmId);
      for (const stay of one?.stays ?? []) {
        const { vm } = one!;
        if (stay.groups.has(id) !== index.contains(id, vm, stay.networkId))
          regroup(stay, index.groupsOf(vm, stay.networkId));
      }
    }
  }

  function removeVm(id: Id): void {
    for (const stay of lent.get(id)?.stays ?? []) regroup(stay, new Set());
    lent.delete(id);
  }

  return {
    removeVm,
    removeGroup(id) {
      index.remove(id);
      sorted.delete(id);
      settle(id, lent.keys());
    },
    setGroup(group) {
      const before = index.get(group.id);
      index.set(group);
      const isNamesAlone = before && JSON.stringify(withoutNames(before)) === JSON.stringify(withoutNames(group));
      settle(group.id, isNamesAlone ? new Set(before.vmIds).symmetricDifference(new Set(group.vmIds)) : lent.keys());
    },
    setVm(vm, stays) {
      removeVm(vm.id);
      const own = stays.map((stay): Lent => ({ ...stay, groups: new Set() }));
      lent.set(vm.id, { vm, stays: own });
      for (const stay of own) regroup(stay, index.groupsOf(vm, stay.networkId));
    },
    members(groupId) {
      const inOrder = () => sortMembers(Array.from(members.get(groupId)?.values() ?? [], ({ member }) => member));
      return touched.has(groupId) ? inOrder() : getOrAdd(sorted, groupId, inOrder);
    },
    takeChanges() {
      const changes = new Map<Id, MemberChange>();
      for (const [groupId, seen] of touched) {
        const change: MemberChange = { add: [], remove: [] };
        for (const [key, { member, before }] of seen) {
          const after = members.get(groupId)?.has(key) ?? false;
          if (after !== before) (after ? change.add : change.remove).push(member);
        }
        if (change.add.length + change.remove.length === 0) continue;
        const inOrder = { add: sortMembers(change.add), remove: sortMembers(change.remove) };
        changes.set(groupId, inOrder);
        const before = sorted.get(groupId);
        if (before) sorted.set(groupId, changeMembers(before, inOrder));
      }
      touched.clear();
      return changes;
    },
  };
}

/** All that makes a VM a member but being named. */
const withoutNames = (group: CloudGroup): CloudGroup => ({ ...group, vmIds: [] });
