import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_NESTING, type Id, isMember } from '@hypervigil/model';
import fc from 'fast-check';
import { checkGroups } from '../src/check-groups.ts';
import type { CloudGroup } from '../src/cloud.ts';
import { createGroupIndex } from '../src/group-index.ts';
import { compileIntent, linkLocal, setNum } from '../src/index.ts';
import { cloudState, EMPTY_GROUP, idOf, runs } from '../src/testing/index.ts';

test('the index finds the groups that the definition says, from either side', () => {
  let seen = 0;
  fc.assert(
    fc.property(cloudState, ({ groups, vms, networks }) => {
      const byId = new Map(groups.map((group) => [group.id, group]));
      const index = createGroupIndex(groups);
      for (const vm of vms)
        for (const networkId of [null, ...networks.map(({ id }) => id)]) {
          const expected = groups.filter(({ id }) => isMember(byId, id, vm, networkId)).map(({ id }) => id);
          seen += expected.length;
          assert.deepEqual([...index.groupsOf(vm, networkId)].sort(), expected.sort());
          for (const { id } of groups) assert.equal(index.contains(id, vm, networkId), expected.includes(id));
        }
    }),
    runs(1000),
  );
  assert.ok(seen > 0);
});

test('a group that a rule names has the link-local addresses of its members too', () => {
  let seen = 0;
  fc.assert(
    fc.property(cloudState, (state) => {
      const byId = new Map(state.groups.map((group) => [group.id, group]));
      const sets = new Map(compileIntent(state, { revision: 1, policyRevision: 1 }).sets.map((set) => [set.num, set]));
      for (const group of state.groups)
        for (const vm of state.vms)
          for (const { networkId, mac } of vm.vnics) {
            const set = sets.get(setNum.group(group.num));
            const network = state.networks.find(({ id }) => id === networkId)?.num;
            if (!set || network === undefined || !isMember(byId, group.id, vm, networkId)) continue;
            seen++;
            assert.ok(set.members.some((member) => member.network === network && member.cidr === linkLocal(mac)));
          }
    }),
    runs(300),
  );
  assert.ok(seen > 0);
});

test('a tenant’s group holds its own VMs only, whatever stands in it', () => {
  const [all, mine] = [idOf('group', 1), idOf('group', 2)];
  const groups = new Map<Id, CloudGroup>([
    [all, { ...EMPTY_GROUP, id: all, num: 1, tenantIds: [idOf('tenant', 1), idOf('tenant', 2)] }],
    [mine, { ...EMPTY_GROUP, id: mine, num: 2, tenantId: idOf('tenant', 1), groupIds: [all] }],
  ]);
  const vm = (tenant: number) => ({ id: idOf('vm', tenant), tenantId: idOf('tenant', tenant), tags: {} });
  assert.ok(isMember(groups, all, vm(2), null));
  assert.ok(isMember(groups, mine, vm(1), null));
  assert.ok(!isMember(groups, mine, vm(2), null));
});

/** Groups 1 … of which each names some. */
const nest = (...inner: readonly (readonly number[])[]) =>
  new Map(
    inner.map((some, i) => [
      idOf('group', i + 1),
      {
        name: `g${i + 1}`,
        tenantId: null as Id | null,
        tenantIds: [] as Id[],
        groupIds: some.map((n) => idOf('group', n)),
      },
    ]),
  );

test('a group within itself is told with the way', () => {
  const path = (inner: readonly (readonly number[])[], n: number) =>
    checkGroups(nest(...inner))(idOf('group', n)).map(({ field, params }) => [field, 'path' in params && params.path]);
  assert.deepEqual(path([[1]], 1), [['groupIds', 'g1 → g1']]);
  assert.deepEqual(path([[2, 3], [], [4], [1]], 1), [['groupIds', 'g1 → g3 → g4 → g1']]);
  // Somebody else's circle is not this group's.
  assert.deepEqual(path([[2], [], [4], [3]], 1), []);
  assert.deepEqual(path([[2, 3], [4], [4], []], 1), []);
});

test('no nest is deeper than may be, counted from its outermost group', () => {
  const chain = (length: number) => nest(...Array.from({ length }, (_, i) => (i + 1 < length ? [i + 2] : [])));
  for (let n = 1; n < GROUP_NESTING; n++) assert.deepEqual(checkGroups(chain(GROUP_NESTING))(idOf('group', n)), []);
  for (let n = 1; n <= GROUP_NESTING; n++)
    assert.deepEqual(checkGroups(chain(GROUP_NESTING + 1))(idOf('group', n)), [
      { field: 'groupIds', code: 'nested-too-deep', params: { maximum: GROUP_NESTING } },
    ]);
});

test('a tenant’s group names nothing of another tenant', () => {
  const groups = nest([2, 3], [], []);
  groups.get(idOf('group', 1))!.tenantId = idOf('tenant', 1);
  groups.get(idOf('group', 1))!.tenantIds = [idOf('tenant', 1), idOf('tenant', 2)];
  groups.get(idOf('group', 3))!.tenantId = idOf('tenant', 2);
  assert.deepEqual(
    checkGroups(groups)(idOf('group', 1)).map(({ field, code }) => `${field} ${code}`),
    ['tenantIds.1 foreign-tenant', 'groupIds.1 foreign-group'],
  );
});
