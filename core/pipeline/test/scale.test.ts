import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, RULE_DEFAULTS } from '@hypervigil/model';
import { type CloudState, type CloudVm, createIntentCompiler } from '@hypervigil/policy';
import { EMPTY_GROUP, idOf } from '@hypervigil/policy/testing';
import { createPipeline, TABLES } from '../src/index.ts';

const VMS = 1000;
const GROUPS = 100;
const RULES = 1000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const vm = (n: number, groups: readonly number[]): CloudVm => ({
  id: idOf('vm', n),
  tenantId: idOf('tenant', 1 + (n % 10)),
  tags: Object.fromEntries(groups.map((group) => [`g${group}`, 'yes'])),
  quarantined: false,
  vnics: [
    {
      id: idOf('vnic', n),
      num: n,
      networkId: idOf('network', 1),
      mac: `52:54:00:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`,
      ipv4: [`10.0.${n >> 8}.${n & 255}`],
      ipv6: [`2001:db8::${n.toString(16)}`],
    },
  ],
});

/** 1,000 VMs in 100 groups of 10, and 1,000 rules from group to group. */
const cloud: CloudState = {
  tenants: numbers(10).map((n) => ({ id: idOf('tenant', n), num: n, intraTenant: 'allow' })),
  networks: [{ id: idOf('network', 1), num: 1, vlan: 100, tenantId: null }],
  vms: numbers(VMS).map((n) => vm(n, [1 + (n % GROUPS)])),
  groups: numbers(GROUPS).map((n) => ({
    ...EMPTY_GROUP,
    id: idOf('group', n),
    num: n,
    selector: { op: 'has', key: `g${n}`, value: 'yes' },
  })),
  addressSets: [],
  schedules: [],
  namedServices: [],
  limits: [],
  policies: [
    {
      id: idOf('policy', 1),
      tier: 'platform',
      tenantId: null,
      order: 0,
      enabled: true,
      rules: numbers(RULES).map((n) => ({
        id: idOf('rule', n),
        num: 100 + n,
        name: `rule ${n}`,
        enabled: true,
        action: 'allow',
        from: { ...ANYONE, groupIds: [idOf('group', 1 + (n % GROUPS))] },
        to: { ...ANYONE, groupIds: [idOf('group', 1 + ((n * 7 + 3) % GROUPS))] },
        services: [{ protocol: 'tcp', ports: ['443'] }],
        ...RULE_DEFAULTS,
      })),
    },
  ],
};

/** How often rules name group 5, as source or destination. */
const uses = numbers(RULES)
  .flatMap((n) => [1 + (n % GROUPS), 1 + ((n * 7 + 3) % GROUPS)])
  .filter((g) => g === 5).length;

for (const [group, largeSet, flows] of [
  // Two addresses and the link-local one, looked up in both directions.
  ['large', 16, 3 * 2],
  // Asked about in both directions in each rule.
  ['small', 10_000, uses * 3 * 2],
] as const)
  test(`a member of a ${group} group costs ${flows} flows, however many members and vNICs there are`, () => {
    const compiler = createIntentCompiler(cloud, { revision: 1, policyRevision: 1 });
    const ports = numbers(100).map((n) => ({ ofport: n + 10, vnicNum: n, active: true }));
    const pipeline = createPipeline({ intent: compiler.intent(), ports, uplink: 1, largeSet });

    const patch = compiler.update(
      { upsert: { vms: [vm(7, [1 + (7 % GROUPS), 5])] } },
      { revision: 2, policyRevision: 1 },
    );
    assert.equal(patch.sets.change.length, 1);
    assert.deepEqual([patch.vnics.upsert, patch.rules.upsert, patch.sets.upsert], [[], [], []]);
    const { upsert, remove } = pipeline.update({ patch });
    assert.equal(upsert.length, flows);
    assert.deepEqual(remove, []);
  });

test('a vNIC that appears costs its own flows and the lists of copies', () => {
  const compiler = createIntentCompiler(cloud, { revision: 1, policyRevision: 1 });
  const ports = numbers(100).map((n) => ({ ofport: n + 10, vnicNum: n, active: true }));
  const pipeline = createPipeline({ intent: compiler.intent(), ports, uplink: 1 });
  const { upsert, remove } = pipeline.update({ ports: [...ports, { ofport: 200, vnicNum: 500, active: true }] });
  assert.ok(upsert.length < 50, `${upsert.length} flows`);
  assert.deepEqual(
    remove.map(({ table }) => table),
    [TABLES.moved],
  );
});

test('a rule put before all others moves none of them', () => {
  const compiler = createIntentCompiler(cloud, { revision: 1, policyRevision: 1 });
  const pipeline = createPipeline({ intent: compiler.intent(), ports: [], uplink: 1 });
  const [policy] = cloud.policies;
  const first = { ...policy!.rules[0]!, id: idOf('rule', 5000), num: 5000, name: 'first' };
  const patch = compiler.update(
    { upsert: { policies: [{ ...policy!, rules: [first, ...policy!.rules] }] } },
    { revision: 2, policyRevision: 2 },
  );
  const { upsert, remove } = pipeline.update({ patch });
  assert.ok(upsert.every(({ cookie }) => (cookie & 0xffff_ffffn) === 5000n));
  assert.deepEqual(remove, []);
});
