import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, type Policy, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { diffPolicies } from '../src/index.ts';

const rule = (id: string, change: Partial<Rule> = {}): Rule => ({
  ...RULE_DEFAULTS,
  id,
  num: 100,
  name: id,
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...change,
});
const policy = (id: string, rules: Rule[], change: Partial<Policy> = {}): Policy => ({
  id,
  name: id,
  description: '',
  tier: 'platform',
  tenantId: null,
  order: 1,
  enabled: true,
  rules,
  revision: 1,
  changedAt: '2026-01-01T00:00:00Z',
  ...change,
});

test('what differs between two revisions, by policy, rule and field; a rule stays itself under another name', () => {
  const before = [policy('a', [rule('1'), rule('2'), rule('3')]), policy('gone', [rule('9')]), policy('same', [])];
  const after = [
    policy('a', [rule('3'), rule('1', { name: 'one', to: { ...ANYONE, cidrs: ['10.0.0.0/8'] } }), rule('4')], {
      order: 2,
    }),
    policy('new', [rule('7')]),
    policy('same', [], { revision: 5, changedAt: '2026-02-01T00:00:00Z' }),
  ];
  const found = diffPolicies(before, after);
  assert.deepEqual(
    found.map(({ action, id }) => [action, id]),
    [
      ['removed', 'gone'],
      ['changed', 'a'],
      ['added', 'new'],
    ],
  );
  const [, changed] = found;
  assert.deepEqual(changed!.fields, [{ field: 'order', before: 1, after: 2 }]);
  assert.deepEqual(
    changed!.rules.map(({ action, id, place, from, fields }) => [
      action,
      id,
      place,
      from,
      fields.map(({ field }) => field),
    ]),
    [
      ['removed', '2', 2, undefined, [...changed!.rules[0]!.fields.map(({ field }) => field)]],
      ['moved', '3', 1, 3, []],
      ['changed', '1', 2, undefined, ['name', 'to.cidrs']],
      ['added', '4', 3, undefined, [...changed!.rules[3]!.fields.map(({ field }) => field)]],
    ],
  );
  assert.deepEqual(diffPolicies(after, after), []);
});
