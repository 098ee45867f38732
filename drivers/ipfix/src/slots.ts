import { ELEMENT, type FieldSpec, REVERSE_ENTERPRISE, VARIABLE_LENGTH } from './elements.ts';

/** A decoded record is a row of numbers; each slot is one of them. */
export const SLOT = {
  pointId: 0,
  protocol: 1,
  ipVersion: 2,
  etherType: 3,
  srcIpv4: 4,
  dstIpv4: 5,
  /** Four words each. */
  srcIpv6: 6,
  dstIpv6: 10,
  srcPort: 14,
  dstPort: 15,
  icmpType: 16,
  icmpCode: 17,
  srcMac: 18,
  dstMac: 19,
  vlan: 20,
  ingress: 21,
  egress: 22,
  direction: 23,
  bytes: 24,
  packets: 25,
  layer2Bytes: 26,
  replyBytes: 27,
  replyPackets: 28,
  tcpFlags: 29,
  replyTcpFlags: 30,
  start: 31,
  end: 32,
  bootTime: 33,
  endReason: 34,
} as const;

export const SLOT_COUNT = 35;

/** How octets become a number. Times become milliseconds since 1970. */
export const FORM = {
  uint: 0,
  seconds: 1,
  milliseconds: 2,
  ntp: 3,
  deltaMicroseconds: 4,
  upTime: 5,
  /** No octets: the message's export time. */
  exportTime: 6,
} as const;

/** One element's way into a slot. */
interface Part {
  readonly slot: number;
  readonly form: number;
  /** Octets, from the beginning of the field; 0 for all of it. */
  readonly offset: number;
  readonly size: number;
}

/** What of an element is read. Of several elements for one slot in a template, the lowest rank is read. */
interface Place {
  readonly rank: number;
  readonly lengths: readonly [min: number, max: number];
  readonly parts: readonly Part[];
}

/** A number of at most eight octets; exporters may shorten it (RFC 7011, 6.2). */
const uint = (slot: number, rank = 0): Place => ({
  rank,
  lengths: [1, 8],
  parts: [{ slot, form: FORM.uint, offset: 0, size: 0 }],
});
/** A value of several numbers of one size. */
const words = (slots: readonly number[], size: number): Place => ({
  rank: 0,
  lengths: [slots.length * size, slots.length * size],
  parts: slots.map((slot, index) => ({ slot, form: FORM.uint, offset: index * size, size })),
});
const time = (slot: number, form: number, size: number, rank: number): Place => ({
  rank,
  lengths: [size, size],
  parts: [{ slot, form, offset: 0, size }],
});
const fourWords = (slot: number): Place => words([slot, slot + 1, slot + 2, slot + 3], 4);

const FORWARD = new Map<number, Place>([
  [ELEMENT.observationPointId, uint(SLOT.pointId)],
  [ELEMENT.protocolIdentifier, uint(SLOT.protocol)],
  [ELEMENT.ipVersion, uint(SLOT.ipVersion)],
  [ELEMENT.ethernetType, uint(SLOT.etherType)],
  [ELEMENT.sourceIPv4Address, words([SLOT.srcIpv4], 4)],
  [ELEMENT.destinationIPv4Address, words([SLOT.dstIpv4], 4)],
  [ELEMENT.sourceIPv6Address, fourWords(SLOT.srcIpv6)],
  [ELEMENT.destinationIPv6Address, fourWords(SLOT.dstIpv6)],
  [ELEMENT.sourceTransportPort, uint(SLOT.srcPort)],
  [ELEMENT.destinationTransportPort, uint(SLOT.dstPort)],
  [ELEMENT.icmpTypeIPv4, uint(SLOT.icmpType)],
  [ELEMENT.icmpTypeIPv6, uint(SLOT.icmpType)],
  [ELEMENT.icmpCodeIPv4, uint(SLOT.icmpCode)],
  [ELEMENT.icmpCodeIPv6, uint(SLOT.icmpCode)],
  [ELEMENT.icmpTypeCodeIPv4, words([SLOT.icmpType, SLOT.icmpCode], 1)],
  [ELEMENT.icmpTypeCodeIPv6, words([SLOT.icmpType, SLOT.icmpCode], 1)],
  [ELEMENT.sourceMacAddress, words([SLOT.srcMac], 6)],
  [ELEMENT.destinationMacAddress, words([SLOT.dstMac], 6)],
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
  [ELEMENT.systemInitTimeMilliseconds, time(SLOT.bootTime, FORM.milliseconds, 8, 0)],
  [ELEMENT.flowStartMilliseconds, time(SLOT.start, FORM.milliseconds, 8, 0)],
  [ELEMENT.flowStartDeltaMicroseconds, time(SLOT.start, FORM.deltaMicroseconds, 4, 1)],
  [ELEMENT.flowStartMicroseconds, time(SLOT.start, FORM.ntp, 8, 2)],
  [ELEMENT.flowStartNanoseconds, time(SLOT.start, FORM.ntp, 8, 3)],
  [ELEMENT.flowStartSysUpTime, time(SLOT.start, FORM.upTime, 4, 4)],
  [ELEMENT.flowStartSeconds, time(SLOT.start, FORM.seconds, 4, 5)],
  [ELEMENT.flowEndMilliseconds, time(SLOT.end, FORM.milliseconds, 8, 0)],
  [ELEMENT.flowEndDeltaMicroseconds, time(SLOT.end, FORM.deltaMicroseconds, 4, 1)],
  [ELEMENT.flowEndMicroseconds, time(SLOT.end, FORM.ntp, 8, 2)],
  [ELEMENT.flowEndNanoseconds, time(SLOT.end, FORM.ntp, 8, 3)],
  [ELEMENT.flowEndSysUpTime, time(SLOT.end, FORM.upTime, 4, 4)],
  [ELEMENT.flowEndSeconds, time(SLOT.end, FORM.seconds, 4, 5)],
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

/** Where a field goes, or null for one that nobody reads or whose length its element cannot have. */
export function placeOf({ id, length, enterprise }: FieldSpec): Place | null {
  const place = elementsOf(enterprise).get(id);
  if (place === undefined || length === VARIABLE_LENGTH) return null;
  const [min, max] = place.lengths;
  return length >= min && length <= max ? place : null;
}

function elementsOf(enterprise: number): ReadonlyMap<number, Place> {
  if (enterprise === 0) return FORWARD;
  return enterprise === REVERSE_ENTERPRISE ? REVERSE : NO_PLACES;
}
