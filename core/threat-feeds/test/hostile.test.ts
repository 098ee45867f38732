import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FeedFormat, LeftOut } from '@hypervigil/model';
import { parseRange } from '@hypervigil/policy';
import fc from 'fast-check';
import { FeedError, readFeed } from '../src/index.ts';

const numRuns = Number(process.env['HV_FUZZ'] ?? 20_000);
const PIECES = [
  '[',
  ']',
  '(',
  ')',
  "'",
  '"',
  '\\',
  '#',
  ';',
  ',',
  '\t',
  '\n',
  '\r\n',
  ' ',
  '-',
  '/',
  '=',
  'OR',
  'AND',
  'IN',
  'NOT',
  'ISSUBSET',
  'ipv4-addr:value',
  'ipv6-addr:value',
  '198.51.100.1',
  '2001:db8::',
  '/24',
  '0',
  '{"objects":[',
  ']}',
  '{"type":"indicator","pattern":"',
  '"}',
  'ip',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const pattern = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 60 })
  .map((pieces) => JSON.stringify({ objects: [{ type: 'indicator', pattern: pieces.join(' ') }] }));
const bytes = fc.oneof(
  text.map((one) => new TextEncoder().encode(one)),
  pattern.map((one) => new TextEncoder().encode(one)),
  fc.uint8Array({ maxLength: 300 }),
);

test('whatever a feed sends becomes addresses, is left out, or is refused with a code', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FeedFormat.options),
      fc.constantFrom('1', 'ip', '9999'),
      bytes,
      (format, column, sent) => {
        try {
          const { entries, leftOut } = readFeed({ format, csvColumn: column }, sent, 0);
          for (const entry of entries) assert.notEqual(typeof parseRange(entry), 'string', entry);
          for (const one of leftOut) LeftOut.parse(one);
        } catch (error) {
          if (!(error instanceof FeedError)) throw error;
        }
      },
    ),
    { numRuns },
  );
});

/** What each reader would spend longest on: it must be done at once, or the test does not end. */
test('no long text keeps a reader busy', () => {
  const fill = (piece: string) => piece.repeat(Math.floor(2 ** 21 / piece.length));
  const texts = [' ', '-', '"', '","', ',', '\n', '#', "'", '[', '(', '\\'].map(fill);
  const asPattern = (one: string) => JSON.stringify({ objects: [{ type: 'indicator', pattern: one }] });
  for (const one of [...texts, ...texts.map(asPattern)])
    for (const format of FeedFormat.options)
      assert.throws(() => readFeed({ format, csvColumn: 'ip' }, new TextEncoder().encode(one), 0), FeedError);
});
