import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, isAnyone, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { type CloudState, compileIntent, evaluatePolicies, type Packet, setNum } from '../src/index.ts';
import { AT, idOf, macOf } from '../src/testing/index.ts';

const BAD = { id: idOf('addressSet', 1), num: 7, entries: ['198.51.100.0/24'], excluded: ['198.51.100.7'] };
const rule: Rule = {
  id: idOf('rule', 100),
  num: 100,
  name: 'to known bad addresses',
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: { ...ANYONE, addressSetIds: [BAD.id] },
  services: [],
  ...RULE_DEFAULTS,
};
const cloud: CloudState = {
  tenants: [{ id: idOf('tenant', 1), num: 1, intraTenant: 'deny' }],
  networks: [{ id: idOf('network', 1), num: 1, vlan: null, tenantId: null }],
  vms: [
    {
      id: idOf('vm', 1),
      tenantId: idOf('tenant', 1),
      tags: {},
      quarantined: false,
      vnics: [
        { id: idOf('vnic', 1), num: 1, networkId: idOf('network', 1), mac: macOf(1), ipv4: ['10.0.0.1'], ipv6: [] },
      ],
    },
  ],
  groups: [],
  addressSets: [BAD],
  schedules: [],
  namedServices: [],
  limits: [],
  policies: [{ id: idOf('policy', 1), tier: 'platform', tenantId: null, order: 0, enabled: true, rules: [rule] }],
};
const to = (dst: string): Packet => ({ network: 1, src: '10.0.0.1', dst, protocol: 6, port: 443 });
const compiled = (state: CloudState) => compileIntent(state, { revision: 1, policyRevision: 1 });

test('a set is the addresses that it has, but those that it leaves out', () => {
  assert.equal(evaluatePolicies(cloud, to('198.51.100.8'), AT).verdict, 'allow');
  assert.equal(evaluatePolicies(cloud, to('198.51.100.7'), AT).verdict, 'deny');
  const [set] = compiled(cloud).sets;
  assert.equal(set?.num, setNum.addressSet(7));
  assert.equal(set?.members.length, 8);
});

test('a peer that names a set which is gone, or has nobody in it, is nobody, never anyone', () => {
  assert(!isAnyone(rule.to));
  assert(isAnyone(ANYONE));
  const gone: CloudState = { ...cloud, addressSets: [] };
  const empty: CloudState = { ...cloud, addressSets: [{ ...BAD, entries: [] }] };
  const allLeftOut: CloudState = { ...cloud, addressSets: [{ ...BAD, excluded: ['0.0.0.0/0'] }] };
  for (const state of [gone, empty, allLeftOut]) {
    for (const dst of ['198.51.100.8', '203.0.113.9'])
      assert.equal(evaluatePolicies(state, to(dst), AT).verdict, 'deny');
    const intent = compiled(state);
    assert.notEqual(intent.rules[0]!.to, null);
    assert.deepEqual(
      intent.sets.flatMap(({ members }) => members),
      [],
    );
  }
});
