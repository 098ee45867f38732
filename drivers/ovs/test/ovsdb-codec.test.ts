import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonFramer, encodeJson } from '../src/ovsdb/codec.ts';
import { anyBytes, mutated, survives } from './fuzz.ts';

test('messages come out whole however the stream was cut', () => {
  const message = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 10 }), (messages, cuts) => {
      const stream = Buffer.concat(messages.map((m) => encodeJson(m)));
      const places = cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b);
      const framer = createJsonFramer();
      const out = [0, ...places].flatMap((from, i) => framer.push(stream.subarray(from, places[i] ?? stream.length)));
      assert.deepEqual(out, JSON.parse(JSON.stringify(messages)));
    }),
    { numRuns: 1_000 },
  );
});

test('braces inside of strings do not count', () => {
  assert.deepEqual(createJsonFramer().push(Buffer.from('{"a":"}\\"{"} {"b":[]}')), [{ a: '}"{' }, { b: [] }]);
});

test('size and depth are bounded', () => {
  const deep = createJsonFramer({ maxDepth: 4 });
  assert.throws(() => deep.push(Buffer.from('[[[[[')), { code: 'too-large' });
  const big = createJsonFramer({ maxBytes: 100 });
  const endless = (): void => {
    big.push(Buffer.from('{"a":"'));
    for (let i = 0; i < 100; i++) big.push(Buffer.from('xxxxxxxxxx'));
  };
  assert.throws(endless, { code: 'too-large' });
});

test('a flood of bytes outside of a message is refused, white space is not', () => {
  assert.deepEqual(createJsonFramer({ maxBytes: 4 }).push(Buffer.from(' '.repeat(1_000))), []);
  for (const text of ['x', ']', '"a"', '12'])
    assert.throws(() => createJsonFramer().push(Buffer.from(text)), { code: 'protocol' });
  assert.throws(() => createJsonFramer().push(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])), { code: 'protocol' });
});

test('hostile bytes', () => {
  const seed = encodeJson({
    id: null,
    method: 'update2',
    params: ['m', { Interface: { u: { modify: { ofport: ['set', [1]] } } } }],
  });
  survives(anyBytes, (bytes) => createJsonFramer({ maxBytes: 100 }).push(bytes));
  survives(mutated(seed), (bytes) => createJsonFramer().push(bytes));
});
