import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyPatch,
  type CloudChange,
  type CloudState,
  compileIntent,
  createIntentCompiler,
  diffIntent,
} from '../src/index.ts';
import type { Stamp } from '../src/patch.ts';
import { memberKey, sortMembers } from '../src/sets.ts';
import { cloudAddressSet, cloudGroup, cloudPolicy, cloudState, cloudVm, runs } from '../src/testing/index.ts';

const FIRST = { revision: 1, policyRevision: 1 };
const NEXT = { revision: 2, policyRevision: 2 };
const EMPTY: CloudState = {
  ...{ tenants: [], networks: [], vms: [], groups: [], addressSets: [] },
  ...{ schedules: [], namedServices: [], policies: [], limits: [] },
};
type Member = Parameters<typeof memberKey>[0];

test('a patch between two documents turns one into the other', () => {
  fc.assert(
    fc.property(cloudState, cloudState, (a, b) => {
      const [before, after] = [compileIntent(a, FIRST), compileIntent(b, NEXT)];
      assert.deepEqual(applyPatch(before, diffIntent(before, after)), after);
    }),
    runs(500),
  );
});

test('what changed of a set is what it takes from the one to the other', () => {
  const member = fc.record(
    {
      network: fc.constantFrom(null, 1, 2),
      cidr: fc.oneof(
        fc.nat(40).map((n) => `10.0.0.${n}`),
        fc.nat(40).map((n) => `2001:db8::${(n + 1).toString(16)}`),
        fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '2001:db8::/64'),
      ),
    },
    { noNullPrototype: true },
  );
  const members = fc
    .uniqueArray(member, { maxLength: 30, selector: ({ network, cidr }) => `${network} ${cidr}` })
    .map(sortMembers);
  const withMembers = (stamp: Stamp, some: readonly Member[]) => ({
    ...compileIntent(EMPTY, stamp),
    sets: [{ num: 1, tenant: null, members: [...some] }],
  });
  fc.assert(
    fc.property(members, members, (a, b) => {
      const [before, after] = [withMembers(FIRST, a), withMembers(NEXT, b)];
      const patch = diffIntent(before, after);
      assert.deepEqual(applyPatch(before, patch), after);
      const { add, remove } = patch.sets.change[0] ?? { add: [], remove: [] };
      assert.equal(add.length - remove.length, b.length - a.length);
      const keys = new Set(a.map(memberKey));
      assert.ok(add.every((one) => !keys.has(memberKey(one))) && remove.every((one) => keys.has(memberKey(one))));
    }),
    runs(500),
  );
});

test('the order of input changes nothing', () => {
  const permuted = cloudState.chain((cloud) =>
    fc
      .record({
        tenants: shuffled(cloud.tenants),
        networks: shuffled(cloud.networks),
        vms: shuffled(cloud.vms),
        groups: shuffled(cloud.groups),
        addressSets: shuffled(cloud.addressSets),
        schedules: shuffled(cloud.schedules),
        namedServices: shuffled(cloud.namedServices),
        policies: shuffled(cloud.policies),
        limits: shuffled(cloud.limits),
      })
      .map((other) => [cloud, other] as const),
  );
  fc.assert(
    fc.property(permuted, ([cloud, other]) =>
      assert.deepEqual(compileIntent(other, FIRST), compileIntent(cloud, FIRST)),
    ),
    runs(300),
  );
});

const change: fc.Arbitrary<CloudChange> = fc.oneof(
  fc
    .integer({ min: 1, max: 6 })
    .chain(cloudVm)
    .map((vm) => ({ upsert: { vms: [vm] } })),
  fc
    .integer({ min: 1, max: 4 })
    .chain(cloudGroup)
    .map((group) => ({ upsert: { groups: [group] } })),
  fc
    .integer({ min: 1, max: 4 })
    .chain(cloudPolicy)
    .map((policy) => ({ upsert: { policies: [policy] } })),
  fc
    .integer({ min: 1, max: 3 })
    .chain(cloudAddressSet)
    .map((set) => ({ upsert: { addressSets: [set] } })),
  cloudState.map(({ addressSets }) => ({ remove: { addressSets: addressSets.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ schedules, namedServices }) => ({ upsert: { schedules, namedServices } })),
  cloudState.map(({ schedules, namedServices }) => ({
    remove: { schedules: schedules.map(({ id }) => id), namedServices: namedServices.map(({ id }) => id) },
  })),
  cloudState.map(({ limits }) => ({ upsert: { limits } })),
  cloudState.map(({ limits }) => ({ remove: { limits: limits.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ tenants }) => ({ upsert: { tenants } })),
  cloudState.map(({ vms }) => ({ remove: { vms: vms.slice(0, 2).map(({ id }) => id) } })),
  cloudState.map(({ groups }) => ({ remove: { groups: groups.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ policies }) => ({ remove: { policies: policies.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ tenants }) => ({ remove: { tenants: tenants.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ networks }) => ({ remove: { networks: networks.slice(1).map(({ id }) => id) } })),
  cloudState.map(({ networks }) => ({ upsert: { networks } })),
);

test('a compiler that took changes in holds what a fresh one makes of the result, and its patches lead there', () => {
  fc.assert(
    fc.property(cloudState, fc.array(change, { maxLength: 8 }), (cloud, changes) => {
      const compiler = createIntentCompiler(cloud, { revision: 0, policyRevision: 0 });
      let state = cloud;
      let host = compiler.intent();
      for (const [i, one] of changes.entries()) {
        const stamp = { revision: i + 1, policyRevision: i };
        const patch = compiler.update(one, stamp);
        state = changed(state, one);
        const fresh = compileIntent(state, stamp);
        assert.equal(patch.base, host.revision);
        host = applyPatch(host, patch);
        assert.deepEqual(compiler.intent(), fresh);
        assert.deepEqual(host, fresh);
      }
    }),
    runs(500),
  );
});

function changed(state: CloudState, { upsert = {}, remove = {} }: CloudChange): CloudState {
  const rows = <Row extends { id: string }>(
    old: readonly Row[],
    put: readonly Row[] = [],
    gone: readonly string[] = [],
  ) => {
    const replaced = new Set([...gone, ...put.map(({ id }) => id)]);
    return [...old.filter(({ id }) => !replaced.has(id)), ...put];
  };
  return {
    tenants: rows(state.tenants, upsert.tenants, remove.tenants),
    networks: rows(state.networks, upsert.networks, remove.networks),
    vms: rows(state.vms, upsert.vms, remove.vms),
    groups: rows(state.groups, upsert.groups, remove.groups),
    addressSets: rows(state.addressSets, upsert.addressSets, remove.addressSets),
    schedules: rows(state.schedules, upsert.schedules, remove.schedules),
    namedServices: rows(state.namedServices, upsert.namedServices, remove.namedServices),
    policies: rows(state.policies, upsert.policies, remove.policies),
    limits: rows(state.limits, upsert.limits, remove.limits),
  };
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}
