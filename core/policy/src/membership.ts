import type { Id, IntentSet } from '@hypervigil/model';
import { type CloudGroup, type CloudVm, isMember } from './cloud.ts';
import { getOrAdd } from './maps.ts';
import { memberKey, sortMembers } from './sets.ts';

type Member = IntentSet['members'][number];
interface Counted {
  readonly member: Member;
  count: number;
}

interface MemberChange {
  readonly add: Member[];
  readonly remove: Member[];
}

/**
 * Which addresses are in which group. Groups are found from a VM by the VM's own tags, so that a changed VM costs as
 * much as the groups that it is in, however large the cloud. Two VMs may lend a group the same address, hence counts.
 */
export interface Membership {
  setGroup(group: CloudGroup, vms: ReadonlyMap<Id, CloudVm>): void;
  removeGroup(id: Id): void;
  /** Puts a VM's addresses into its groups in place of those it lent before. */
  setVm(vm: CloudVm, addresses: readonly Member[]): void;
  removeVm(id: Id): void;
  members(groupId: Id): Member[];
  /** What became of groups since the last call, by group. */
  takeChanges(): Map<Id, MemberChange>;
}

interface Lent {
  readonly groups: Set<Id>;
  readonly addresses: readonly Member[];
}

export function createMembership(): Membership {
  const groups = new Map<Id, CloudGroup>();
  const members = new Map<Id, Map<string, Counted>>();
  const byTag = new Map<string, Set<Id>>();
  const byVm = new Map<Id, Set<Id>>();
  const lent = new Map<Id, Lent>();
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

  function join(groupId: Id, { groups: joined, addresses }: Lent): void {
    joined.add(groupId);
    for (const member of addresses) count(groupId, member, 1);
  }

  function leave(groupId: Id, { groups: joined, addresses }: Lent): void {
    if (!joined.delete(groupId)) return;
    for (const member of addresses) count(groupId, member, -1);
  }

  /** Groups that may hold the VM: those that name it, and those whose first tag it has. */
  function* candidates(vm: CloudVm): Iterable<Id> {
    yield* byVm.get(vm.id) ?? [];
    for (const [key, value] of Object.entries(vm.tags)) yield* byTag.get(tagKey(key, value)) ?? [];
  }

  function index(group: CloudGroup, change: (ids: Set<Id>) => void): void {
    const first = Object.keys(group.selector).sort()[0];
    if (first !== undefined) change(getOrAdd(byTag, tagKey(first, group.selector[first] ?? ''), () => new Set<Id>()));
    for (const vmId of group.vmIds) change(getOrAdd(byVm, vmId, () => new Set<Id>()));
  }

  function removeGroup(id: Id): void {
    const group = groups.get(id);
    if (!group) return;
    groups.delete(id);
    index(group, (ids) => ids.delete(id));
    for (const one of lent.values()) leave(id, one);
  }

  function removeVm(id: Id): void {
    const one = lent.get(id);
    if (!one) return;
    for (const groupId of [...one.groups]) leave(groupId, one);
    lent.delete(id);
  }

  return {
    removeGroup,
    removeVm,
    setGroup(group, vms) {
      removeGroup(group.id);
      groups.set(group.id, group);
      index(group, (ids) => ids.add(group.id));
      for (const [id, one] of lent) {
        const vm = vms.get(id);
        if (vm && isMember(group, vm)) join(group.id, one);
      }
    },
    setVm(vm, addresses) {
      removeVm(vm.id);
      const one: Lent = { groups: new Set(), addresses };
      lent.set(vm.id, one);
      for (const id of new Set(candidates(vm))) {
        const group = groups.get(id);
        if (group && isMember(group, vm)) join(id, one);
      }
    },
    members: (groupId) => sortMembers(Array.from(members.get(groupId)?.values() ?? [], ({ member }) => member)),
    takeChanges() {
      const changes = new Map<Id, MemberChange>();
      for (const [groupId, seen] of touched) {
        const change: MemberChange = { add: [], remove: [] };
        for (const [key, { member, before }] of seen) {
          const after = members.get(groupId)?.has(key) ?? false;
          if (after !== before) (after ? change.add : change.remove).push(member);
        }
        const { add, remove } = change;
        if (add.length + remove.length > 0)
          changes.set(groupId, { add: sortMembers(add), remove: sortMembers(remove) });
      }
      touched.clear();
      return changes;
    },
  };
}

const tagKey = (key: string, value: string): string => JSON.stringify([key, value]);
