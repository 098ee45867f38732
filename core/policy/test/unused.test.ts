import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, type Peer, RULE_DEFAULTS, type Rule, selectorOf } from '@hypervigil/model';
import { type CloudPolicy, findUnused } from '../src/index.ts';
import { EMPTY_GROUP, idOf } from '../src/testing/index.ts';

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;

const vm = (n: number, role: string) => ({
  id: idOf('vm', n),
  tenantId: idOf('tenant', n),
  tags: { role },
  vnics: [],
  quarantined: false,
});
const group = (n: number, role: string) => ({
  ...EMPTY_GROUP,
  id: idOf('group', n),
  num: n,
  selector: selectorOf(`role=${role}`),
});
const groups = [group(1, 'web'), group(2, 'idle')];
const vms = [vm(1, 'web'), vm(2, 'idle')];
const web: Peer = { ...ANYONE, groupIds: [idOf('group', 1)] };
const idle: Peer = { ...ANYONE, groupIds: [idOf('group', 2)] };

const rule = (n: number, change: Partial<Rule> = {}): Rule => ({
  id: idOf('rule', n),
  num: 100 + n,
  name: `rule ${n}`,
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: web,
  services: [],
  ...RULE_DEFAULTS,
  ...change,
});
const policy = (rules: Rule[], enabled = true): CloudPolicy => ({
  id: idOf('policy', 1),
  tier: 'platform',
  tenantId: null,
  order: 1,
  enabled,
  rules,
});

function found(policies: CloudPolicy[], publishedDaysAgo: number, recordedDays = 30) {
  const ids = policies.flatMap(({ rules }) => rules.map(({ id }) => id));
  const published = new Map(ids.map((id) => [id, NOW - publishedDaysAgo * DAY_MS]));
  const recorded = {
    fromMs: NOW - recordedDays * DAY_MS,
    toMs: NOW,
    ruleNums: new Set([101]),
    vmIds: new Set([idOf('vm', 1)]),
  };
  return findUnused({ policies, groups, vms }, published, recorded).map(({ ruleId, reason, days }) => [
    ruleId,
    reason,
    days,
  ]);
}

test('a rule that decided nothing is unused; when nobody of a side had any traffic, that is why', () => {
  const rules = [
    rule(1),
    rule(2),
    rule(3, { from: idle }),
    rule(4, { to: idle }),
    rule(5, { from: { ...idle, cidrs: ['192.0.2.0/24'] } }),
    rule(6, { from: { ...ANYONE, tenantIds: [idOf('tenant', 2)] } }),
    rule(7, { from: { ...ANYONE, groupIds: [...idle.groupIds, ...web.groupIds] } }),
  ];
  assert.deepEqual(found([policy(rules)], 40), [
    [idOf('rule', 2), 'no-hits', 30],
    [idOf('rule', 3), 'silent-from', 30],
    [idOf('rule', 4), 'silent-to', 30],
    [idOf('rule', 5), 'no-hits', 30],
    [idOf('rule', 6), 'silent-from', 30],
    [idOf('rule', 7), 'no-hits', 30],
  ]);
});

test('nothing is said of rules that had no time yet, that are off, or that decide nothing by themselves', () => {
  assert.deepEqual(found([policy([rule(2)])], 29), []);
  assert.deepEqual(found([policy([rule(2)])], 40, 0.5), []);
  assert.deepEqual(found([policy([rule(2)], false)], 40), []);
  assert.deepEqual(found([policy([rule(2, { enabled: false }), rule(3, { action: 'pass' })])], 40), []);
});
