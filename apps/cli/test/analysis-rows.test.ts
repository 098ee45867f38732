import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCommand } from '../src/commands.ts';
import { findingRows, matrixRows, reachRows } from '../src/policy/analysis-rows.ts';

const ID = '00000000-0000-4000-8000-000000000001';
const named = (name: string) => ({ id: ID, name });
const rule = (name: string) => ({ ...named(name), num: 100, policyId: ID, policy: 'acme', tier: 'tenant' as const });
const packet = { network: named('prod'), src: '10.0.0.1', dst: '10.0.0.2' };
const ssh = { ...packet, protocol: 6, port: 22, icmpType: null, icmpCode: null };
const echo = { ...packet, protocol: 1, port: null, icmpType: 8, icmpCode: 0 };

test('a finding is a sentence in the language of the reader, with the packet that shows it', () => {
  const finding = { code: 'shadowed', reason: 'same', rule: rule('b'), others: [rule('a')], otherCount: 3 } as const;
  const answer = { items: [{ ...finding, others: [...finding.others], witness: ssh }], total: 1 };
  const [row] = findingRows(answer, 'en') as Record<string, string>[];
  assert.match(row!['finding']!, /a, \+2 say the same/);
  assert.equal(row!['packet'], '10.0.0.1 → 10.0.0.2 tcp/22');
  assert.match((findingRows(answer, 'zh') as Record<string, string>[])[0]!['finding']!, /a、\+2 判定相同/);
});

test('traffic names its rule or its default, and counts what has no room', () => {
  const ends = { vms: ['a', 'b', 'c', 'd'].map(named), vmCount: 9, cidrs: [], cidrCount: 1 };
  const part = { network: named('prod'), from: ends, to: ends, services: ['any'], points: [], witness: echo };
  const rows = reachRows({
    items: [
      { ...part, verdict: 'allow', rule: rule('r'), ruleNum: 100 },
      { ...part, verdict: 'deny', rule: null, ruleNum: 4 },
    ],
    more: false,
  }) as Record<string, string>[];
  assert.deepEqual([rows[0]!['rule'], rows[1]!['rule']], ['acme / r', 'tenant-isolation']);
  assert.deepEqual([rows[0]!['from'], rows[0]!['packet']], ['a b c d +6', '10.0.0.1 → 10.0.0.2 icmp/8/0']);
});

test('a matrix leaves out what shares no network', () => {
  const cell = { from: 0, to: 1, services: [], witness: null };
  const items = [
    { ...cell, allowed: 'nothing' as const },
    { ...cell, allowed: 'apart' as const },
  ];
  const rows = matrixRows({ groups: ['web', 'db'].map(named), items });
  assert.deepEqual(rows, [{ from: 'web', to: 'db', allowed: 'nothing', services: '', packet: '-' }]);
});

test('both sides of a question are words', () => {
  assert.deepEqual(findCommand(['policy', 'reach', 'web1', 'db1'])?.command.positional, ['from', 'to']);
});
