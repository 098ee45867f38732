import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { checkPolicies, type PolicySet } from '../src/index.ts';
import { idOf } from '../src/testing/index.ts';

const rule = (fields: Partial<Rule>): Rule => ({
  id: idOf('rule', 100),
  num: 100,
  name: 'rule',
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...RULE_DEFAULTS,
  ...fields,
});
const set = (policy: Partial<PolicySet['policies'][number]>, ...more: PolicySet['policies']): PolicySet => ({
  tenants: [1, 2].map((num) => ({ id: idOf('tenant', num), num, intraTenant: 'allow' })),
  groups: [null, 1, 2].map((owner, i) => ({
    id: idOf('group', i),
    num: i + 1,
    tenantId: owner === null ? null : idOf('tenant', owner),
    vmIds: [],
    selector: {},
  })),
  schedules: [{ id: idOf('schedule', 1) }],
  namedServices: [{ id: idOf('service', 1) }],
  mirrors: [1, 2].map((n) => ({ id: idOf('mirror', n), tenantId: idOf('tenant', n) })),
  addressSets: [null, 1, 2].map((owner, i) => ({
    id: idOf('addressSet', i),
    tenantId: owner === null ? null : idOf('tenant', owner),
  })),
  policies: [
    {
      id: idOf('policy', 1),
      name: 'p',
      tier: 'tenant',
      tenantId: idOf('tenant', 1),
      order: 0,
      enabled: true,
      rules: [],
      ...policy,
    },
    ...more,
  ],
});
const problems = (policies: PolicySet) => checkPolicies(policies).map(({ field, code }) => `${field} ${code}`);

test('nothing is wrong with a tenant that speaks of itself, of the outside and of the provider’s groups', () => {
  const own = { ...ANYONE, groupIds: [idOf('group', 0), idOf('group', 1)], tenantIds: [idOf('tenant', 1)] };
  assert.deepEqual(
    problems(set({ rules: [rule({ from: own, to: { ...ANYONE, cidrs: ['2001:db8::/32', '10.0.0.0/8'] } })] })),
    [],
  );
});

test('names that nothing answers to', () => {
  const unknown = {
    groupIds: [idOf('group', 9)],
    tenantIds: [idOf('tenant', 9)],
    addressSetIds: [idOf('addressSet', 9)],
    cidrs: ['10.0.0.0/40'],
  };
  assert.deepEqual(problems(set({ rules: [rule({ from: unknown })] })), [
    'policies.0.rules.0.from.groupIds.0 unknown-id',
    'policies.0.rules.0.from.tenantIds.0 unknown-id',
    'policies.0.rules.0.from.addressSetIds.0 unknown-id',
    'policies.0.rules.0.from.cidrs.0 wrong-format',
  ]);
  assert.deepEqual(problems(set({ tenantId: idOf('tenant', 9) })), ['policies.0.tenantId unknown-id']);
});

test('a tenant does not speak of others, nor above its tier; the provider not in it', () => {
  const foreign = { ...ANYONE, groupIds: [idOf('group', 2)], tenantIds: [idOf('tenant', 2)] };
  assert.deepEqual(problems(set({ rules: [rule({ to: foreign })] })), [
    'policies.0.rules.0.to.groupIds.0 foreign-group',
    'policies.0.rules.0.to.tenantIds.0 foreign-tenant',
  ]);
  assert.deepEqual(problems(set({ tier: 'platform' })), ['policies.0.tier tier-not-yours']);
  assert.deepEqual(problems(set({ tenantId: null })), ['policies.0.tier tier-of-tenants']);
});

test('names are given once: of a tenant’s policies, of a policy’s rules', () => {
  const [twin] = set({ id: idOf('policy', 2) }).policies;
  const [other] = set({ id: idOf('policy', 3), tenantId: idOf('tenant', 2) }).policies;
  assert.deepEqual(problems(set({}, twin!, other!)), ['policies.1.name name-taken']);
  assert.deepEqual(problems(set({ rules: [rule({}), rule({})] })), ['policies.0.rules.1.name name-taken']);
});

test('a rule between IPv4 and IPv6 never matches', () => {
  const four = { ...ANYONE, cidrs: ['10.0.0.0/8'] };
  const six = { ...ANYONE, cidrs: ['2001:db8::/32'] };
  assert.deepEqual(problems(set({ rules: [rule({ from: four, to: six })] })), [
    'policies.0.rules.0.to.cidrs mixed-families',
  ]);
  assert.deepEqual(problems(set({ rules: [rule({ from: four, services: [{ protocol: 'icmpv6' }] })] })), [
    'policies.0.rules.0.services.0.protocol wrong-family',
  ]);
});
