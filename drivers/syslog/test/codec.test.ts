import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { syslogFrame } from '../src/index.ts';

const at = new Date('2026-01-31T08:00:05.123Z');

test('a message of RFC 5424 behind its length', () => {
  const frame = syslogFrame({ severity: 3, at, host: 'hv1', app: 'hypervigil', type: 'raised', text: '{"vm":"店"}' });
  const message = '<83>1 2026-01-31T08:00:05.123Z hv1 hypervigil - raised - {"vm":"店"}';
  assert.equal(frame.toString(), `${Buffer.byteLength(message)} ${message}`);
});

test('whatever it says, its length and its header hold', () => {
  const word = fc.string({ unit: 'binary', maxLength: 80 });
  fc.assert(
    fc.property(word, word, word, fc.string({ unit: 'binary' }), (host, app, type, text) => {
      const frame = syslogFrame({ severity: 5, at, host, app, type, text });
      const [length = ''] = frame.toString('latin1').split(' ', 1);
      assert.equal(frame.length, length.length + 1 + Number(length));
      const message = frame.subarray(length.length + 1).toString();
      assert.match(
        message,
        /^<85>1 2026-01-31T08:00:05\.123Z [\x21-\x7e]{1,255} [\x21-\x7e]{1,48} - [\x21-\x7e]{1,32} - /,
      );
    }),
  );
});
