import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreatFeed } from '@hypervigil/model';
import { FeedError, readFeed } from '../src/index.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const read = (text: string, format: ThreatFeed['format'] = 'list', csvColumn: string | null = null) =>
  readFeed({ format, csvColumn }, new TextEncoder().encode(text), NOW);
const reasons = ({ leftOut }: ReturnType<typeof read>) =>
  leftOut.map(({ reason, count, examples }) => `${count} ${reason} at ${examples.map(({ at }) => at)}`);
const fails = (code: string) => (error: unknown) => error instanceof FeedError && error.code === code;

test('a list as it is published: comments, names after the address, ranges, either end of line', () => {
  const text = [
    '\uFEFF# Blocked, 2026-05-31',
    '1.10.16.0/20 ; SBL256894',
    '198.51.100.7\tscanner',
    '198.51.100.9 - 198.51.100.12 # a range',
    '2001:DB8:0::1,2026-05-31',
    '// end',
    '198.51.100.7',
    '',
    'not.an.address',
    '0.0.0.0/0',
    '1.1.1.1/7',
    '198.51.100.20-198.51.100.20',
  ].join('\r\n');
  const harvest = read(text);
  assert.deepEqual(harvest.entries, [
    '1.10.16.0/20',
    '198.51.100.7',
    '198.51.100.9-198.51.100.12',
    '2001:db8::1',
    '198.51.100.20',
  ]);
  assert.deepEqual(reasons(harvest), ['1 no-address at 9', '2 too-wide at 10,11']);
});

test('a feed with nothing to take is a feed that failed', () => {
  for (const text of ['', '# nothing today\n', '<html>Service unavailable</html>', '0.0.0.0/0\n::/0\n'])
    assert.throws(() => read(text), fails('no-entries'), text);
});

test('a hundred thousand entries are taken, and the next is counted', () => {
  const lines = Array.from({ length: 100_001 }, (_, i) => `11.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  const harvest = read(lines.join('\n'));
  assert.equal(harvest.entries.length, 100_000);
  assert.deepEqual(reasons(harvest), ['1 too-many at 100001']);
});

test('CSV: a column by name or number, quotes with separators, quotes and line ends in them', () => {
  const text = [
    '################',
    '# "first_seen","dst_ip","note"',
    '"2026-05-30","198.51.100.1","said ""hello"", and',
    'left"',
    '"2026-05-31","198.51.100.2",""',
    '2026-05-31,,none',
  ].join('\r\n');
  const byName = read(text, 'csv', 'Dst_IP');
  assert.deepEqual(byName.entries, ['198.51.100.1', '198.51.100.2']);
  assert.deepEqual(reasons(byName), ['1 no-address at 6']);
  assert.deepEqual(read(text, 'csv', '2').entries, byName.entries);
  assert.deepEqual(read('ip;since\n198.51.100.4;"a;b"', 'csv', 'ip').entries, ['198.51.100.4']);
  assert.deepEqual(read('since\tip\nx\t198.51.100.4', 'csv', 'ip').entries, ['198.51.100.4']);
  assert.throws(() => read('a,b\n1,2', 'csv', 'ip'), fails('no-column'));
  assert.throws(() => read('ip\n"198.51.100.4', 'csv', 'ip'), fails('not-csv'));
  assert.throws(() => read(`ip${',x'.repeat(2000)}\n`, 'csv', 'ip'), fails('not-csv'));
});

const indicator = (id: number, pattern: string, more: object = {}) => ({
  type: 'indicator',
  spec_version: '2.1',
  id: `indicator--${id}`,
  pattern_type: 'stix',
  pattern,
  valid_from: '2026-01-01T00:00:00Z',
  ...more,
});
const bundle = (...objects: object[]) => read(JSON.stringify({ type: 'bundle', id: 'bundle--1', objects }), 'stix');

test('STIX: addresses that a pattern names, one or many', () => {
  const { entries, leftOut } = bundle(
    { type: 'malware', name: 'context' },
    indicator(1, "[ipv4-addr:value = '198.51.100.1']"),
    indicator(2, "[ipv4-addr:value ISSUBSET '198.51.100.16/28' OR ipv6-addr:value='2001:db8::5']"),
    indicator(3, "[ipv4-addr:value IN ('198.51.100.2', '198.51.100.3')] OR ([ipv6-addr:value = '2001:db8:1::/48'])"),
  );
  assert.deepEqual(entries, [
    '198.51.100.1',
    '198.51.100.16/28',
    '2001:db8::5',
    '198.51.100.2',
    '198.51.100.3',
    '2001:db8:1::/48',
  ]);
  assert.deepEqual(leftOut, []);
});

test('STIX: what narrows a pattern is not mapped; what stands beside an address is told', () => {
  const a = "ipv4-addr:value = '198.51.100.1'";
  const harvest = bundle(
    indicator(1, `[${a} OR domain-name:value = 'bad.example']`),
    indicator(2, `[${a} AND network-traffic:dst_port = 80]`),
    indicator(3, `[${a}] FOLLOWEDBY [${a}]`),
    indicator(4, `[${a}] REPEATS 5 TIMES WITHIN 60 SECONDS`),
    indicator(5, "[ipv4-addr:value NOT = '198.51.100.9']"),
    indicator(6, "[ipv4-addr:value != '198.51.100.9']"),
    indicator(7, "[domain-name:value = 'bad.example']"),
    indicator(8, "[ipv4-addr:value LIKE '198.51.%']"),
    indicator(9, 'SELECT 1', { pattern_type: 'sigma' }),
    indicator(10, `${'('.repeat(100)}[${a}]${')'.repeat(100)}`),
    indicator(11, `[${a}`),
  );
  assert.deepEqual(harvest.entries, ['198.51.100.1']);
  assert.equal(harvest.leftOut.length, 1);
  assert.equal(harvest.leftOut[0]?.reason, 'not-mapped');
  assert.equal(harvest.leftOut[0]?.count, 11);
  assert.deepEqual(harvest.leftOut[0]?.examples[0], { at: 'indicator--1', text: 'domain-name:value' });
});

test('STIX: an indicator holds for its time', () => {
  const of = (n: number) => `[ipv4-addr:value = '198.51.100.${n}']`;
  const harvest = bundle(
    indicator(1, of(1), { valid_until: '2026-06-01T00:00:01Z' }),
    indicator(2, of(2), { valid_until: '2026-06-01T00:00:00Z' }),
    indicator(3, of(3), { valid_from: '2026-07-01T00:00:00Z' }),
    indicator(4, of(4), { revoked: true }),
  );
  assert.deepEqual(harvest.entries, ['198.51.100.1']);
  assert.deepEqual(reasons(harvest), [
    '1 expired at indicator--2',
    '1 not-yet-valid at indicator--3',
    '1 revoked at indicator--4',
  ]);
  assert.throws(() => read('{', 'stix'), fails('not-json'));
  assert.throws(() => read('{"objects": {}}', 'stix'), fails('not-stix'));
  assert.throws(() => read('null', 'stix'), fails('not-stix'));
});
