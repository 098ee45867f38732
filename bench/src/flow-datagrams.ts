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

const v4 = (ip: string): number => ip.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
