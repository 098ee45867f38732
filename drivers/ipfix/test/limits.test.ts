import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createIpfixDecoder, ELEMENT, encodeMessage, type SetSpec, type TemplateSpec } from '../src/index.ts';
import { field, openVswitchMessages, openVswitchNetflow5, softflowdMessages, T0 } from './samples.ts';

const FUZZ_RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);
const ignore = () => undefined;

function message(sets: readonly SetSpec[], domain = 1): Buffer {
  return encodeMessage({ version: 10, exportMs: T0, sequence: 0, domain, sets });
}

function template(id: number, fields = 2): TemplateSpec {
  return { id, fields: Array.from({ length: fields }, () => field(ELEMENT.octetDeltaCount, 4)) };
}

test('templates beyond the limits are refused, those within keep working', () => {
  const limits = { templatesPerDomain: 3, fieldsPerTemplate: 4, domainsPerExporter: 2, fields: 10 };
  const decoder = createIpfixDecoder({ limits });
  const list = [template(256), template(257, 5), template(258), template(259), template(260)];
  decoder.decode(message([{ kind: 'templates', templates: list }]), 'x', ignore);
  assert.equal(decoder.stats.templatesRefused, 2);
  decoder.decode(message([{ kind: 'templates', templates: [template(256, 4), template(257, 4)] }], 2), 'x', ignore);
  assert.equal(decoder.stats.templatesRefused, 3, 'more fields than all templates together may have');
  decoder.decode(message([], 3), 'x', ignore);
  assert.equal(decoder.stats.malformed['too-many-domains'], 1);
  decoder.decode(message([{ kind: 'data', template: template(258), records: [[1, 2]] }]), 'x', ignore);
  assert.equal(decoder.stats.records, 1);
});

test('of too many exporters, the one unheard for longest is forgotten', () => {
  const decoder = createIpfixDecoder({ limits: { exporters: 2 } });
  const define = message([{ kind: 'templates', templates: [template(256)] }]);
  const flow = message([{ kind: 'data', template: template(256), records: [[1, 2]] }]);
  for (const [packet, exporter] of [
    [define, 'a'],
    [define, 'b'],
    [flow, 'a'],
    [define, 'c'],
    [flow, 'a'],
    [flow, 'b'],
  ] as const) {
    decoder.decode(packet, exporter, ignore);
  }
  assert.equal(decoder.stats.setsWithoutTemplate, 1, 'b was forgotten');
});

test('withdrawn and replaced templates give their room back', () => {
  const decoder = createIpfixDecoder({ limits: { fields: 8 } });
  for (let round = 0; round < 20; round++) {
    decoder.decode(
      message([{ kind: 'templates', templates: [template(256, 2 + (round % 3)), template(257)] }]),
      'x',
      ignore,
    );
    decoder.decode(message([{ kind: 'withdraw', ids: [257] }]), 'x', ignore);
  }
  assert.equal(decoder.stats.templatesRefused, 0);
});

const CRAFTED: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a header cut short', '000a001069690000000000'],
  ['another version', '0005001069690000000000000000000100000000'],
  ['a length beyond the datagram', '000a0040696900000000000000000001'],
  ['a length below the header', '000a0008696900000000000000000001'],
  ['a set of no length', '000a001469690000000000000000000101000000'],
  ['a set beyond the message', '000a001469690000000000000000000101000005'],
  [
    'a template of no fields that is no withdrawal (NetFlow v9)',
    '0009000100000000696900000000000000000001000000080100' + '0000',
  ],
  ['a template whose records have no octets', '000a001c696900000000000000000001' + '0002000c' + '0100000100010000'],
  ['a template with fewer fields than it says', '000a001c696900000000000000000001' + '0002000c' + '0100ffff00010004'],
  ['a template id that is a set id', '000a001c696900000000000000000001' + '0002000c' + '0004000100010004'],
  [
    'an options template whose scopes are more than its fields',
    '000a001e696900000000000000000001' + '0003000e' + '01000001000500010004',
  ],
];

for (const [what, hex] of CRAFTED) {
  test(`is left out, and counted: ${what}`, () => {
    const decoder = createIpfixDecoder();
    decoder.decode(Buffer.from(hex, 'hex'), 'x', () => assert.fail('a flow from nothing'));
    const malformed = Object.values(decoder.stats.malformed).reduce((sum, count) => sum + count, 0);
    assert.equal(malformed, 1);
  });
}

const real = [...openVswitchMessages(), ...openVswitchNetflow5(), ...softflowdMessages()];

/** Packets of real exporters with octets changed, cut or repeated: what random bytes alone would never reach. */
const mutated = fc
  .tuple(fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.nat())
  .map(([which, changes, cut]) => {
    const packet = Buffer.from(real[which % real.length]!);
    for (const [at, value] of changes) packet[at % packet.length] = value;
    return cut % 4 === 0 ? packet.subarray(0, cut % packet.length) : packet;
  });
test('whatever comes, the decoder neither throws nor hangs nor reads beyond the packet', () => {
  const decoder = createIpfixDecoder();
  const hostile = fc.oneof(mutated, fc.uint8Array({ maxLength: 200 }).map(withVersion));
  fc.assert(
    fc.property(hostile, (packet) => {
      decoder.decode(packet, 'x', (record) => {
        assert.ok(Number.isFinite(record.bytes) && Number.isFinite(record.startMs) && Number.isFinite(record.srcPort));
        assert.ok(record.srcAddr.length <= 39 && record.dstAddr.length <= 39);
      });
    }),
    { numRuns: FUZZ_RUNS },
  );
});

function withVersion(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 3) {
    bytes[0] = 0;
    bytes[1] = [5, 9, 10][bytes[1]! % 3]!;
    // Octets of IPFIX, records of NetFlow v5.
    bytes[2] = 0;
    bytes[3] = bytes[1] === 5 ? bytes[3]! % 8 : bytes.length;
  }
  return bytes;
}

test('what the encoder writes, the decoder reads', () => {
  const value = fc.record({
    src: fc.nat(0xffff_ffff),
    dst: fc.nat(0xffff_ffff),
    sport: fc.nat(0xffff),
    bytes: fc.maxSafeNat(),
  });
  const spec: TemplateSpec = {
    id: 256,
    fields: [
      field(ELEMENT.sourceIPv4Address, 4),
      field(ELEMENT.destinationIPv4Address, 4),
      field(ELEMENT.sourceTransportPort, 2),
      field(ELEMENT.octetDeltaCount, 8),
    ],
  };
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 600 }),
      fc.constantFrom(9 as const, 10 as const),
      (values, version) => {
        const records = values.map(({ src, dst, sport, bytes }) => [src, dst, sport, bytes]);
        const sets: SetSpec[] = [
          { kind: 'templates', templates: [spec] },
          { kind: 'data', template: spec, records },
        ];
        const packet = encodeMessage({ version, exportMs: T0, sequence: 0, domain: 1, sets });
        const read: number[][] = [];
        createIpfixDecoder().decode(packet, 'x', (r) => read.push([r.src3, r.dst3, r.srcPort, r.bytes]));
        assert.deepEqual(read, records);
      },
    ),
    { numRuns: 200 },
  );
});
