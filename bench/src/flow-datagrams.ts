import type { FlowRow } from '@hypervigil/flowstore';
import { ELEMENT, encodeMessage, type FieldSpec, REVERSE_ENTERPRISE, type TemplateSpec } from '@hypervigil/ipfix';

const field = (id: number, length: number, enterprise = 0): FieldSpec => ({ id, length, enterprise });

/** A flow of both directions (RFC 5103), as far as IPFIX has words for it. */
const TEMPLATE: TemplateSpec = {
  id: 1024,
  fields: [
    field(ELEMENT.sourceIPv4Address, 4),
    field(ELEMENT.destinationIPv4Address, 4),
    field(ELEMENT.flowStartMilliseconds, 8),
    field(ELEMENT.flowEndMilliseconds, 8),
    field(ELEMENT.octetDeltaCount, 4),
    field(ELEMENT.packetDeltaCount, 4),
    field(ELEMENT.octetDeltaCount, 4, REVERSE_ENTERPRISE),
    field(ELEMENT.packetDeltaCount, 4, REVERSE_ENTERPRISE),
    field(ELEMENT.sourceTransportPort, 2),
    field(ELEMENT.destinationTransportPort, 2),
    field(ELEMENT.protocolIdentifier, 1),
    field(ELEMENT.tcpControlBits, 1),
  ],
};

/** What fits into a datagram of 1,400 octets. */
export const FLOWS_PER_DATAGRAM = 30;

export const templateDatagram = (): Buffer =>
  encodeMessage({ ...head(0), sets: [{ kind: 'templates', templates: [TEMPLATE] }] });

/** @param sequence flows before these */
export const flowDatagram = (rows: readonly FlowRow[], sequence: number): Buffer =>
  encodeMessage({
    ...head(sequence),
    sets: [{ kind: 'data', template: TEMPLATE, records: rows.map(recordOf) }],
  });

const head = (sequence: number) => ({ version: 10 as const, exportMs: 1_768_478_500_000, sequence, domain: 1 });

const recordOf = (row: FlowRow): number[] => [
  ...[v4(row.src.ip), v4(row.dst.ip), row.startMs, row.endMs, row.bytes, row.packets],
  ...[row.replyBytes, row.replyPackets, row.src.port, row.dst.port, row.protocol, row.tcpFlags],
];

/** What Open vSwitch tells of a packet that our pipeline samples, as far as it is read. */
const SAMPLE: TemplateSpec = {
  id: 1025,
  fields: [
    field(ELEMENT.observationPointId, 4),
    field(ELEMENT.sourceMacAddress, 6),
    field(ELEMENT.destinationMacAddress, 6),
    field(ELEMENT.sourceIPv4Address, 4),
    field(ELEMENT.destinationIPv4Address, 4),
    field(ELEMENT.flowStartMilliseconds, 8),
    field(ELEMENT.flowEndMilliseconds, 8),
    field(ELEMENT.octetDeltaCount, 8),
    field(ELEMENT.packetDeltaCount, 8),
    field(ELEMENT.sourceTransportPort, 2),
    field(ELEMENT.destinationTransportPort, 2),
    field(ELEMENT.protocolIdentifier, 1),
  ],
};
const SAMPLES_PER_DATAGRAM = 20;
/** Of our pipeline's domains (`HV`), packets of the end that began and of the other, and what was denied (core/pipeline, observation.ts). */
const DOMAIN = 0x4856_0000;
const REPLY = 2;
const DENY = 4;

/** For nfcapd a template is one of its domain alone. */
export const sampleTemplates = (): Buffer[] =>
  [0, REPLY, DENY, REPLY + DENY].map((observed) =>
    encodeMessage({ ...head(0), domain: DOMAIN + observed, sets: [{ kind: 'templates', templates: [SAMPLE] }] }),
  );

/** Both directions of each flow: a datagram is of one direction and one verdict. */
export function* sampleDatagrams(rows: Iterable<FlowRow>): Generator<Buffer> {
  const waiting = new Map<number, number[][]>();
  let sequence = 0;
  const written = (domain: number, records: number[][]): Buffer => {
    const message = { ...head(sequence), domain, sets: [{ kind: 'data' as const, template: SAMPLE, records }] };
    sequence += records.length;
    return encodeMessage(message);
  };
  for (const row of rows) {
    for (const reply of [0, REPLY]) {
      const domain = DOMAIN + reply + (row.verdict === 'deny' ? DENY : 0);
      const records = waiting.getOrInsertComputed(domain, () => []);
      records.push(sampleOf(row, reply !== 0));
      if (records.length < SAMPLES_PER_DATAGRAM) continue;
      waiting.delete(domain);
      yield written(domain, records);
    }
  }
  for (const [domain, records] of waiting) yield written(domain, records);
}

function sampleOf(row: FlowRow, reply: boolean): number[] {
  const [from, to] = reply ? [row.dst, row.src] : [row.src, row.dst];
  const counted = reply ? [row.replyBytes, row.replyPackets] : [row.bytes, row.packets];
  const ends = [macNumber(from.mac), macNumber(to.mac), v4(from.ip), v4(to.ip)];
  return [row.ruleNum, ...ends, row.startMs, row.endMs, ...counted, from.port, to.port, row.protocol];
}

/** A router's, of what has none. */
const macNumber = (mac: string | null): number => Number.parseInt((mac ?? '52:54:00:ff:ff:ff').replaceAll(':', ''), 16);

const v4 = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
