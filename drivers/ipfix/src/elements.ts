/** Information elements that the product reads (IANA, "IP Flow Information Export (IPFIX) Entities"). */
export const ELEMENT = {
  octetDeltaCount: 1,
  packetDeltaCount: 2,
  protocolIdentifier: 4,
  tcpControlBits: 6,
  sourceTransportPort: 7,
  sourceIPv4Address: 8,
  ingressInterface: 10,
  destinationTransportPort: 11,
  destinationIPv4Address: 12,
  egressInterface: 14,
  flowEndSysUpTime: 21,
  flowStartSysUpTime: 22,
  sourceIPv6Address: 27,
  destinationIPv6Address: 28,
  icmpTypeCodeIPv4: 32,
  sourceMacAddress: 56,
  vlanId: 58,
  ipVersion: 60,
  flowDirection: 61,
  destinationMacAddress: 80,
  interfaceName: 82,
  octetTotalCount: 85,
  packetTotalCount: 86,
  flowEndReason: 136,
  observationPointId: 138,
  icmpTypeCodeIPv6: 139,
  flowStartSeconds: 150,
  flowEndSeconds: 151,
  flowStartMilliseconds: 152,
  flowEndMilliseconds: 153,
  flowStartMicroseconds: 154,
  flowEndMicroseconds: 155,
  flowStartNanoseconds: 156,
  flowEndNanoseconds: 157,
  flowStartDeltaMicroseconds: 158,
  flowEndDeltaMicroseconds: 159,
  systemInitTimeMilliseconds: 160,
  icmpTypeIPv4: 176,
  icmpCodeIPv4: 177,
  icmpTypeIPv6: 178,
  icmpCodeIPv6: 179,
  dot1qVlanId: 243,
  ethernetType: 256,
  layer2OctetDeltaCount: 352,
} as const;

/** Reverse information elements carry this enterprise number and the id of the forward one (RFC 5103, 6.1). */
export const REVERSE_ENTERPRISE = 29305;

/** A field length that says: the length stands before each value (RFC 7011, 7). */
export const VARIABLE_LENGTH = 0xffff;

/** A field of a template. */
export interface FieldSpec {
  readonly id: number;
  /** Octets, or {@link VARIABLE_LENGTH}. */
  readonly length: number;
  /** Private enterprise number; 0 for IANA's elements. */
  readonly enterprise: number;
}
