import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ANYONE, type Policy, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { deniesSet } from '../src/index.ts';

const SET = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const AT = new Date('2026-01-01T00:00:00Z');
const inSet = { ...ANYONE, addressSetIds: [OTHER, SET] };
const rule: Rule = {
  ...RULE_DEFAULTS,
  ...{ id: OTHER, num: 100, name: 'blocked', enabled: true, action: 'deny', from: ANYONE, to: inSet, services: [] },
};
const policy = (change: Partial<Rule>, of: Partial<Policy> = {}): Policy => ({
  ...{ id: OTHER, name: 'blocks', description: '', tier: 'emergency', tenantId: null, order: 1, enabled: true },
  ...{
    revision: 1,
    changedAt: AT.toISOString(),
    rules: [
      { ...rule, enabled: false },
      { ...rule, ...change },
    ],
  },
  ...of,
});
const denied = (change: Partial<Rule>, of?: Partial<Policy>) => deniesSet([policy(change, of)], SET, AT);

it('a set is denied by a rule that denies all of it at any time, in either direction', () => {
  for (const change of [
    {},
    { action: 'reject' },
    { from: inSet, to: ANYONE },
    { expiresAt: '2026-01-01T00:00:01Z' },
  ] satisfies Partial<Rule>[])
    assert.equal(denied(change), true, JSON.stringify(change));
});

it('and by none that lets some of it pass, or sometimes', () => {
  for (const change of [
    { enabled: false },
    { action: 'allow' },
    { action: 'pass' },
    { staged: true },
    { scheduleId: OTHER },
    { expiresAt: AT.toISOString() },
    { services: [{ protocol: 'tcp', ports: ['443'] }] },
    { namedServiceIds: [OTHER] },
    { to: { ...ANYONE, addressSetIds: [OTHER] } },
    { from: inSet, to: { ...ANYONE, cidrs: ['10.0.0.0/8'] } },
  ] satisfies Partial<Rule>[])
    assert.equal(denied(change), false, JSON.stringify(change));
  assert.equal(denied({}, { enabled: false }), false);
  assert.equal(deniesSet([], SET, AT), false);
});
