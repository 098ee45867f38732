import { ELEMENT, type FieldSpec, REVERSE_ENTERPRISE, VARIABLE_LENGTH } from './elements.ts';

/** What a record is read from: each slot is one value, wherever a template puts it. */
export const SLOT = {
  pointId: 0,
  protocol: 1,
  ipVersion: 2,
  etherType: 3,
  srcIpv4: 4,
  dstIpv4: 5,
  srcIpv6: 6,
  dstIpv6: 7,
  srcPort: 8,
  dstPort: 9,
  icmpTypeCode: 10,
  icmpType: 11,
  icmpCode: 12,
  srcMac: 13,
  dstMac: 14,
  vlan: 15,
  ingress: 16,
  egress: 17,
  direction: 18,
  bytes: 19,
  packets: 20,
  layer2Bytes: 21,
  replyBytes: 22,
  replyPackets: 23,
  tcpFlags: 24,
  replyTcpFlags: 25,
  start: 26,
  end: 27,
  bootTime: 28,
  endReason: 29,
} as const;

export const SLOT_COUNT = 30;

/** How a time is written. */
export const CLOCK = { none: 0, seconds: 1, milliseconds: 2, ntp: 3, deltaMicroseconds: 4, upTime: 5 } as const;

/** Where an element goes. Of several elements for one slot in a template, the lowest rank is read. */
interface Place {
  readonly slot: number;
  readonly rank: number;
  readonly minLength: number;
  readonly maxLength: number;
  readonly clock: number;
}

/** A number of at most eight octets; exporters may shorten it (RFC 7011, 6.2). */
const uint = (slot: number, rank = 0): Place => ({ slot, rank, minLength: 1, maxLength: 8, clock: CLOCK.none });
const fixed = (slot: number, length: number): Place => ({
  slot,
  rank: 0,
  minLength: length,
  maxLength: length,
  clock: CLOCK.none,
});
const time = (slot: number, clock: number, length: number, rank: number): Place => ({
  slot,
  rank,
  minLength: length,
  maxLength: length,
  clock,
});

const FORWARD = new Map<number, Place>([
  [ELEMENT.observationPointId, uint(SLOT.pointId)],
  [ELEMENT.protocolIdentifier, uint(SLOT.protocol)],
  [ELEMENT.ipVersion, uint(SLOT.ipVersion)],
  [ELEMENT.ethernetType, uint(SLOT.etherType)],
  [ELEMENT.sourceIPv4Address, fixed(SLOT.srcIpv4, 4)],
  [ELEMENT.destinationIPv4Address, fixed(SLOT.dstIpv4, 4)],
  [ELEMENT.sourceIPv6Address, fixed(SLOT.srcIpv6, 16)],
  [ELEMENT.destinationIPv6Address, fixed(SLOT.dstIpv6, 16)],
  [ELEMENT.sourceTransportPort, uint(SLOT.srcPort)],
  [ELEMENT.destinationTransportPort, uint(SLOT.dstPort)],
  [ELEMENT.icmpTypeCodeIPv4, uint(SLOT.icmpTypeCode)],
  [ELEMENT.icmpTypeCodeIPv6, uint(SLOT.icmpTypeCode)],
  [ELEMENT.icmpTypeIPv4, uint(SLOT.icmpType)],
  [ELEMENT.icmpTypeIPv6, uint(SLOT.icmpType)],
  [ELEMENT.icmpCodeIPv4, uint(SLOT.icmpCode)],
  [ELEMENT.icmpCodeIPv6, uint(SLOT.icmpCode)],
  [ELEMENT.sourceMacAddress, fixed(SLOT.srcMac, 6)],
  [ELEMENT.destinationMacAddress, fixed(SLOT.dstMac, 6)],
  [ELEMENT.dot1qVlanId, uint(SLOT.vlan, 0)],
  [ELEMENT.vlanId, uint(SLOT.vlan, 1)],
  [ELEMENT.ingressInterface, uint(SLOT.ingress)],
  [ELEMENT.egressInterface, uint(SLOT.egress)],
  [ELEMENT.flowDirection, uint(SLOT.direction)],
  [ELEMENT.octetDeltaCount, uint(SLOT.bytes, 0)],
  [ELEMENT.octetTotalCount, uint(SLOT.bytes, 1)],
  [ELEMENT.packetDeltaCount, uint(SLOT.packets, 0)],
  [ELEMENT.packetTotalCount, uint(SLOT.packets, 1)],
  [ELEMENT.layer2OctetDeltaCount, uint(SLOT.layer2Bytes)],
  [ELEMENT.tcpControlBits, uint(SLOT.tcpFlags)],
  [ELEMENT.flowStartMilliseconds, time(SLOT.start, CLOCK.milliseconds, 8, 0)],
  [ELEMENT.flowStartDeltaMicroseconds, time(SLOT.start, CLOCK.deltaMicroseconds, 4, 1)],
  [ELEMENT.flowStartMicroseconds, time(SLOT.start, CLOCK.ntp, 8, 2)],
  [ELEMENT.flowStartNanoseconds, time(SLOT.start, CLOCK.ntp, 8, 3)],
  [ELEMENT.flowStartSysUpTime, time(SLOT.start, CLOCK.upTime, 4, 4)],
  [ELEMENT.flowStartSeconds, time(SLOT.start, CLOCK.seconds, 4, 5)],
  [ELEMENT.flowEndMilliseconds, time(SLOT.end, CLOCK.milliseconds, 8, 0)],
  [ELEMENT.flowEndDeltaMicroseconds, time(SLOT.end, CLOCK.deltaMicroseconds, 4, 1)],
  [ELEMENT.flowEndMicroseconds, time(SLOT.end, CLOCK.ntp, 8, 2)],
  [ELEMENT.flowEndNanoseconds, time(SLOT.end, CLOCK.ntp, 8, 3)],
  [ELEMENT.flowEndSysUpTime, time(SLOT.end, CLOCK.upTime, 4, 4)],
  [ELEMENT.flowEndSeconds, time(SLOT.end, CLOCK.seconds, 4, 5)],
  [ELEMENT.systemInitTimeMilliseconds, time(SLOT.bootTime, CLOCK.milliseconds, 8, 0)],
  [ELEMENT.flowEndReason, uint(SLOT.endReason)],
]);

const REVERSE = new Map<number, Place>([
  [ELEMENT.octetDeltaCount, uint(SLOT.replyBytes, 0)],
  [ELEMENT.octetTotalCount, uint(SLOT.replyBytes, 1)],
  [ELEMENT.packetDeltaCount, uint(SLOT.replyPackets, 0)],
  [ELEMENT.packetTotalCount, uint(SLOT.replyPackets, 1)],
  [ELEMENT.tcpControlBits, uint(SLOT.replyTcpFlags)],
]);

const NO_PLACES: ReadonlyMap<number, Place> = new Map();

/** The slot of a field, or null for one that nobody reads or that has no length its element can have. */
export function placeOf({ id, length, enterprise }: FieldSpec): Place | null {
  const place = elementsOf(enterprise).get(id);
  if (place === undefined || length === VARIABLE_LENGTH) return null;
  return length >= place.minLength && length <= place.maxLength ? place : null;
}

function elementsOf(enterprise: number): ReadonlyMap<number, Place> {
  if (enterprise === 0) return FORWARD;
  return enterprise === REVERSE_ENTERPRISE ? REVERSE : NO_PLACES;
}
