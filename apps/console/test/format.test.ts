import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toCsv } from '../src/ui/csv.ts';
import {
  formatBytes,
  formatDuration,
  formatInstant,
  formatPercent,
  formatRate,
  formatRelative,
  protocolName,
  protocolNumber,
  serviceName,
  tcpFlagNames,
} from '../src/ui/format.ts';
import { linesOf, parseTags, writeTags } from '../src/ui/lines.ts';

test('bytes are binary, rates are decimal', () => {
  assert.equal(formatBytes(0, 'en'), '0 B');
  assert.equal(formatBytes(1023, 'en'), '1,023 B');
  assert.equal(formatBytes(1536, 'en'), '1.5 KiB');
  assert.equal(formatBytes(2048 * 1024 * 1024, 'zh-CN'), '2 GiB');
  assert.equal(formatRate(1_500_000, 'en'), '1.5 Mbit/s');
});

test('what is not all is not 100 %', () => {
  assert.equal(formatPercent(1, 'en'), '100%');
  assert.equal(formatPercent(0.99999, 'en'), '99.99%');
  assert.equal(formatPercent(0.6, 'en'), '60%');
});

test('times carry their zone, and are relative in steps', () => {
  assert.match(formatInstant('2026-03-01T12:00:00Z', 'en'), /GMT|UTC|[A-Z]{2,4}/);
  const now = Date.parse('2026-03-01T12:00:00Z');
  assert.equal(formatRelative(now - 2000, now, 'en'), 'now');
  assert.equal(formatRelative(now - 90_000, now, 'en'), '1 min. ago');
  assert.match(formatRelative(now - 3 * 3600_000, now, 'zh-CN'), /3\s?小时前/);
});

test('durations', () => {
  assert.equal(formatDuration(350, 'en'), '350 ms');
  assert.equal(formatDuration(4240, 'en'), '4.2 sec');
  assert.equal(formatDuration(185_000, 'en'), '3 min 5 sec');
});

test('protocols by number and by name', () => {
  assert.equal(serviceName(6, 443), 'tcp/443');
  assert.equal(serviceName(1, 0), 'icmp');
  assert.equal(protocolNumber('ip/300'), undefined);
  for (let n = 0; n <= 255; n++) assert.equal(protocolNumber(protocolName(n)), n);
  assert.deepEqual(tcpFlagNames(0b10010), ['SYN', 'ACK']);
});

test('CSV survives quotes, lines and formulas', () => {
  assert.equal(toCsv(['a', 'b'], [['x,"y"', '=1+1']]), '\uFEFFa,b\r\n"x,""y""",\'=1+1\r\n');
  assert.equal(toCsv(['n'], [['-5']]), '\uFEFFn\r\n-5\r\n');
});

test('tags as lines: written and read again they are the same', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9._-]{0,10}$/);
  fc.assert(
    fc.property(fc.dictionary(word, word), (tags) => {
      assert.deepEqual({ ...(parseTags(writeTags(tags)) as { tags: object }).tags }, { ...tags });
    }),
  );
  assert.deepEqual(parseTags('role=web\nnonsense'), { badLine: 2 });
  assert.deepEqual(linesOf(' a \n\n b'), ['a', 'b']);
});
