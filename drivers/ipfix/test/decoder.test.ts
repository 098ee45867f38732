import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createIpfixDecoder,
  ELEMENT,
  encodeMessage,
  REVERSE_ENTERPRISE,
  type SetSpec,
  type TemplateSpec,
  VARIABLE_LENGTH,
} from '../src/index.ts';
import { decodeAll, field, T0 } from './samples.ts';

const BASIC: TemplateSpec = {
  id: 300,
  fields: [
    field(ELEMENT.sourceIPv4Address, 4),
    field(ELEMENT.destinationIPv4Address, 4),
    field(ELEMENT.sourceTransportPort, 2),
    field(ELEMENT.destinationTransportPort, 2),
    field(ELEMENT.protocolIdentifier, 1),
    field(ELEMENT.octetDeltaCount, 8),
    field(ELEMENT.packetDeltaCount, 4),
  ],
};
const RECORD = [0x0a000001, 0x0a000002, 40_000, 443, 6, 1500, 3];

let sequence = 0;
function message(
  sets: readonly SetSpec[],
  changes: { domain?: number; sequence?: number; version?: 9 | 10 } = {},
): Buffer {
  return encodeMessage({ version: 10, exportMs: T0, domain: 1, sequence: sequence++, ...changes, sets });
}

const templates = (...list: TemplateSpec[]): SetSpec => ({ kind: 'templates', templates: list });
const data = (template: TemplateSpec, ...records: (readonly (number | bigint | Uint8Array | string)[])[]): SetSpec => ({
  kind: 'data',
  template,
  records,
});

test('a template and its records, in one message and in several', () => {
  for (const version of [9, 10] as const) {
    const together = [message([templates(BASIC), data(BASIC, RECORD, RECORD)], { version })];
    const apart = [
      message([templates(BASIC)], { version }),
      message([data(BASIC, RECORD)], { version }),
      message([data(BASIC, RECORD)], { version }),
    ];
    for (const packets of [together, apart]) {
      const flows = decodeAll(packets);
      assert.equal(flows.length, 2);
      const { srcAddr, dstAddr, srcPort, dstPort, protocol, bytes, packets: count, ipVersion } = flows[1]!;
      assert.deepEqual(
        [srcAddr, dstAddr, srcPort, dstPort, protocol, bytes, count, ipVersion],
        ['10.0.0.1', '10.0.0.2', 40_000, 443, 6, 1500, 3, 4],
      );
    }
  }
});

test('numbers may be shortened to any length (RFC 7011, 6.2)', () => {
  for (let length = 1; length <= 8; length++) {
    const template = { id: 301, fields: [field(ELEMENT.octetDeltaCount, length)] };
    const value = 2 ** Math.min(length * 8 - 1, 52) + 1;
    assert.equal(decodeAll([message([templates(template), data(template, [value])])])[0]!.bytes, value);
  }
});

test('variable lengths, short and long, between the fields (RFC 7011, 7)', () => {
  const template: TemplateSpec = {
    id: 302,
    fields: [
      field(ELEMENT.interfaceName, VARIABLE_LENGTH),
      field(ELEMENT.sourceTransportPort, 2),
      field(ELEMENT.interfaceName, VARIABLE_LENGTH),
      field(ELEMENT.destinationTransportPort, 2),
    ],
  };
  const names = ['', 'tap0', 'x'.repeat(254), 'y'.repeat(255), 'z'.repeat(3000), 'tap0'];
  const records = names.map((name, index) => [name, 1000 + index, names.at(-index)!, 2000 + index]);
  const flows = decodeAll([message([templates(template), data(template, ...records)])]);
  assert.deepEqual(
    flows.map(({ srcPort, dstPort }) => [srcPort, dstPort]),
    names.map((_, index) => [1000 + index, 2000 + index]),
  );
});

test("fields of enterprises are skipped, and one with a known element's number is not mistaken for it", () => {
  const template: TemplateSpec = {
    id: 303,
    fields: [field(ELEMENT.octetDeltaCount, 4, 6876), field(897, 2, 6876), field(ELEMENT.octetDeltaCount, 4)],
  };
  assert.equal(decodeAll([message([templates(template), data(template, [7, 8, 9])])])[0]!.bytes, 9);
});

test('reverse elements fill the reply (RFC 5103)', () => {
  const reverse = (id: number, length: number) => field(id, length, REVERSE_ENTERPRISE);
  const template: TemplateSpec = {
    id: 304,
    fields: [
      field(ELEMENT.octetDeltaCount, 4),
      reverse(ELEMENT.octetDeltaCount, 4),
      reverse(ELEMENT.packetDeltaCount, 4),
      reverse(ELEMENT.tcpControlBits, 2),
    ],
  };
  const [flow] = decodeAll([message([templates(template), data(template, [1, 2, 3, 0x12])])]);
  assert.deepEqual([flow!.bytes, flow!.replyBytes, flow!.replyPackets, flow!.replyTcpFlags], [1, 2, 3, 0x12]);
});

test('records of options are counted and not taken for flows', () => {
  const options: TemplateSpec = { id: 400, fields: [field(144, 4), field(41, 8)], scopes: 1 };
  for (const version of [9, 10] as const) {
    const decoder = createIpfixDecoder();
    const flows = decodeAll([message([templates(options), data(options, [1, 2], [3, 4])], { version })], decoder);
    assert.equal(flows.length, 0);
    assert.equal(decoder.stats.optionsRecords, 2);
  }
});

test('a template withdrawn is unknown, one template or all of them (RFC 7011, 8.1)', () => {
  const other = { ...BASIC, id: 310 };
  for (const [ids, left] of [
    [[BASIC.id], 1],
    [[2], 0],
  ] as const) {
    const decoder = createIpfixDecoder();
    decodeAll([message([templates(BASIC, other)]), message([{ kind: 'withdraw', ids }])], decoder);
    assert.equal(decodeAll([message([data(BASIC, RECORD), data(other, RECORD)])], decoder).length, left);
    assert.equal(decoder.stats.withdrawals, 1);
    assert.equal(decoder.stats.setsWithoutTemplate, 2 - left);
  }
});

test('a template may be defined anew with other fields', () => {
  const anew = { id: BASIC.id, fields: [field(ELEMENT.sourceTransportPort, 2)] };
  const flows = decodeAll([
    message([templates(BASIC), data(BASIC, RECORD)]),
    message([templates(anew), data(anew, [53])]),
  ]);
  assert.deepEqual(
    flows.map(({ srcPort, dstPort, srcAddr }) => [srcPort, dstPort, srcAddr]),
    [
      [40_000, 443, '10.0.0.1'],
      [53, 0, ''],
    ],
  );
});

test('domains that mean different things by one id are kept apart', () => {
  const other = { id: BASIC.id, fields: [field(ELEMENT.destinationTransportPort, 2)] };
  const decoder = createIpfixDecoder();
  decodeAll([message([templates(BASIC)], { domain: 1 }), message([templates(other)], { domain: 2 })], decoder);
  assert.equal(decodeAll([message([data(BASIC, RECORD)], { domain: 1 })], decoder)[0]!.srcPort, 40_000);
  assert.equal(decodeAll([message([data(other, [22])], { domain: 2 })], decoder)[0]!.dstPort, 22);
  assert.equal(decodeAll([message([data(other, [22])], { domain: 3 })], decoder).length, 0);
});

test('exporters are kept apart', () => {
  const decoder = createIpfixDecoder();
  const seen: string[] = [];
  decoder.decode(message([templates(BASIC)]), 'a:1', () => undefined);
  for (const exporter of ['a:1', 'b:1']) {
    decoder.decode(message([data(BASIC, RECORD)]), exporter, (record) => seen.push(record.exporter));
  }
  assert.deepEqual(seen, ['a:1']);
});

const CLOCKS: readonly (readonly [string, number, number, number | bigint, number])[] = [
  ['seconds', ELEMENT.flowStartSeconds, 4, T0 / 1000, T0],
  ['milliseconds', ELEMENT.flowStartMilliseconds, 8, T0 + 123, T0 + 123],
  ['NTP microseconds', ELEMENT.flowStartMicroseconds, 8, ntp(T0 + 250), T0 + 250],
  ['NTP nanoseconds', ELEMENT.flowStartNanoseconds, 8, ntp(T0 + 500), T0 + 500],
  ['microseconds before the export', ELEMENT.flowStartDeltaMicroseconds, 4, 1_500_000, T0 - 1500],
];

function ntp(ms: number): bigint {
  const seconds = BigInt(Math.floor(ms / 1000) + 2_208_988_800);
  return (seconds << 32n) | BigInt(Math.floor(((ms % 1000) / 1000) * 2 ** 32));
}

for (const [what, element, length, value, expected] of CLOCKS) {
  test(`times: ${what}`, () => {
    const template = { id: 305, fields: [field(element, length)] };
    assert.equal(decodeAll([message([templates(template), data(template, [value])])])[0]!.startMs, expected);
  });
}

test('times since the exporter began: its header tells in NetFlow v9, a field in IPFIX', () => {
  const template = { id: 306, fields: [field(ELEMENT.flowStartSysUpTime, 4), field(ELEMENT.flowEndSysUpTime, 4)] };
  const sets = [templates(template), data(template, [1000, 4000])];
  const [v9] = decodeAll([encodeMessage({ version: 9, exportMs: T0, upTimeMs: 10_000, sequence: 0, domain: 1, sets })]);
  assert.deepEqual([v9!.startMs, v9!.endMs], [T0 - 9000, T0 - 6000]);
  const withBoot = { id: 307, fields: [field(ELEMENT.systemInitTimeMilliseconds, 8), ...template.fields] };
  const [ipfix] = decodeAll([message([templates(withBoot), data(withBoot, [T0 - 10_000, 1000, 4000])])]);
  assert.deepEqual([ipfix!.startMs, ipfix!.endMs], [T0 - 9000, T0 - 6000]);
});

test('ICMP type and code in one field', () => {
  const template = { id: 308, fields: [field(ELEMENT.icmpTypeCodeIPv4, 2)] };
  const [flow] = decodeAll([message([templates(template), data(template, [0x0301])])]);
  assert.deepEqual([flow!.icmpType, flow!.icmpCode], [3, 1]);
});

test('lost records are counted by domain, reordering is not loss', () => {
  const decoder = createIpfixDecoder();
  const records = (count: number) => data(BASIC, ...Array<number[]>(count).fill(RECORD));
  decodeAll([message([templates(BASIC), records(5)], { sequence: 0 })], decoder);
  decodeAll([message([records(2)], { sequence: 5 })], decoder);
  assert.equal(decoder.stats.lost, 0);
  decodeAll([message([records(1)], { sequence: 17 })], decoder);
  assert.equal(decoder.stats.lost, 10);
  decodeAll([message([records(1)], { sequence: 3 })], decoder);
  assert.deepEqual([decoder.stats.lost, decoder.stats.sequenceResets], [10, 1]);
});

test('the sequence number wraps', () => {
  const decoder = createIpfixDecoder();
  decodeAll([message([templates(BASIC), data(BASIC, RECORD, RECORD)], { sequence: 0xffff_ffff })], decoder);
  decodeAll([message([data(BASIC, RECORD)], { sequence: 1 })], decoder);
  assert.deepEqual([decoder.stats.lost, decoder.stats.sequenceResets], [0, 0]);
});

test('several domains, each with its own count as RFC 7011 asks', () => {
  const decoder = createIpfixDecoder();
  decodeAll([message([templates(BASIC)], { domain: 1, sequence: 0 })], decoder);
  for (let i = 0; i < 20; i++) {
    for (const domain of [1, 2]) decodeAll([message([data(BASIC, RECORD)], { domain, sequence: i })], decoder);
  }
  assert.equal(decoder.stats.lost, 0);
});
