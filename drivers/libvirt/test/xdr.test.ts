import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LibvirtError } from '../src/errors.ts';
import * as qemu from '../src/gen/qemu.ts';
import * as remote from '../src/gen/remote.ts';
import { wire } from '../src/testing/wire.ts';
import {
  array,
  bytes,
  type Codec,
  double,
  hyper,
  int,
  opaque,
  optional,
  string,
  struct,
  uhyper,
  uint,
} from '../src/xdr/codec.ts';
import { XdrReader } from '../src/xdr/reader.ts';
import { paramRecord, type TypedParam, typedParams } from '../src/xdr/typed-params.ts';
import { uuid } from '../src/xdr/uuid.ts';
import { XdrWriter } from '../src/xdr/writer.ts';
import { FUZZ_RUNS } from './fuzz.ts';

const LIMIT = 1 << 20;

function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new XdrWriter(LIMIT);
  codec.write(writer, value);
  return writer.finish();
}

function decode<T>(codec: Codec<T>, from: Buffer): T {
  const reader = new XdrReader(from);
  const value = codec.read(reader);
  assert.equal(reader.remaining, 0);
  return value;
}

test('the examples of the specification', () => {
  const cases: [Codec<never>, unknown, Buffer][] = [
    [int as Codec<never>, -2, wire('ff ff ff fe')],
    [uint as Codec<never>, 0xfffffffe, wire('ff ff ff fe')],
    [hyper as Codec<never>, -2n, wire('ff ff ff ff ff ff ff fe')],
    [uhyper as Codec<never>, 2n ** 64n - 1n, wire('ff ff ff ff ff ff ff ff')],
    [double as Codec<never>, 1.5, wire('3f f8 00 00 00 00 00 00')],
    [string(10) as Codec<never>, 'sillyprog', wire("00 00 00 09 'sillyprog' 00 00 00")],
    [opaque(10) as Codec<never>, Buffer.from([1, 2]), wire('00 00 00 02 01 02 00 00')],
    [bytes(3) as Codec<never>, Buffer.from([1, 2, 3]), wire('01 02 03 00')],
    [optional(int) as Codec<never>, null, wire('00 00 00 00')],
    [optional(int) as Codec<never>, 7, wire('00 00 00 01  00 00 00 07')],
    [array(int, 3) as Codec<never>, [1, 2], wire('00 00 00 02  00 00 00 01  00 00 00 02')],
    [struct({ a: int, b: string(4) }) as Codec<never>, { a: 1, b: 'x' }, wire("00 00 00 01  00 00 00 01 'x' 00 00 00")],
  ];
  for (const [codec, value, expected] of cases) {
    assert.deepEqual(encode(codec, value as never), expected);
    assert.deepEqual(decode(codec, expected), value);
  }
});

test('a UUID is text here and 16 bytes there', () => {
  const text = '6695eb01-f6a4-8304-79aa-97f2502e193f';
  assert.deepEqual(encode(uuid, text), wire('66 95 eb 01 f6 a4 83 04 79 aa 97 f2 50 2e 19 3f'));
  assert.equal(decode(uuid, encode(uuid, text.toUpperCase())), text);
  assert.throws(() => encode(uuid, 'no'), { code: 'bad-argument' });
});

test('typed parameters keep name, type and value', () => {
  const params: TypedParam[] = [
    { field: 'i', type: 'int', value: -1 },
    { field: 'u', type: 'uint', value: 0xffffffff },
    { field: 'l', type: 'llong', value: -(2 ** 53) },
    { field: 'ul', type: 'ullong', value: 2 ** 53 },
    { field: 'd', type: 'double', value: 0.5 },
    { field: 'b', type: 'boolean', value: true },
    { field: 's', type: 'string', value: 'ünïcode' },
  ];
  assert.deepEqual(decode(typedParams(16), encode(typedParams(16), params)), params);
  assert.equal(paramRecord(params)['s'], 'ünïcode');
  assert.throws(() => encode(typedParams(1), params), { code: 'bad-argument' });
});

test('lengths are compared with the limit and with what is left before anything is read', () => {
  assert.throws(() => decode(string(4), wire("00 00 00 05 'hello' 00 00 00")), { code: 'bad-message' });
  assert.throws(() => decode(array(hyper, 1 << 30), wire('3f ff ff ff 00 00 00 00')), { code: 'bad-message' });
  assert.throws(() => decode(optional(int), wire('00 00 00 02 00 00 00 00')), { code: 'bad-message' });
  assert.throws(() => decode(int, wire('00 00')), { code: 'bad-message' });
});

test('a call larger than the protocol allows is refused before it is sent', () => {
  const writer = new XdrWriter(64, 16);
  assert.throws(() => writer.string('x'.repeat(100), 1000), { code: 'message-too-large' });
});

test('random values survive the way there and back', () => {
  const domain = fc.record(
    { name: fc.string(), uuid: fc.uuid(), id: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
    { noNullPrototype: true },
  );
  const event = fc.record(
    {
      callbackID: fc.integer(),
      dom: domain,
      event: fc.string(),
      seconds: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      micros: fc.nat(),
      details: fc.option(fc.string()),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(event, (value) =>
      assert.deepEqual(decode(qemu.domainMonitorEvent.msg, encode(qemu.domainMonitorEvent.msg, value)), value),
    ),
    { numRuns: 500 },
  );
});

test('random bytes give a value or a typed error, whatever is expected of them', () => {
  const codecs = [...Object.values(remote), ...Object.values(qemu)].flatMap((entry): Codec<unknown>[] => {
    if (typeof entry !== 'object') return [];
    if ('ret' in entry) return [entry.ret as Codec<unknown>];
    if ('msg' in entry) return [entry.msg as Codec<unknown>];
    return [];
  });
  assert.ok(codecs.length > 450);
  // Mostly small words, so that lengths are believed and the decoder gets further than its first field.
  const word = fc.oneof(fc.nat({ max: 4 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), fc.nat(codecs.length - 1), fc.nat(3), (words, index, cut) => {
      const buffer = Buffer.alloc(words.length * 4);
      for (const [at, value] of words.entries()) buffer.writeUInt32BE(value, at * 4);
      try {
        codecs[index]!.read(new XdrReader(buffer.subarray(0, Math.max(0, buffer.length - cut))));
      } catch (error) {
        assert.ok(error instanceof LibvirtError, String(error));
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});
