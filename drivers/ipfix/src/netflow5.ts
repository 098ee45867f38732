import { ELEMENT, type FieldSpec } from './elements.ts';
import { Template } from './template.ts';

/** Nobody reads these: IANA's paddingOctets stands for them. */
const unread = (length: number): FieldSpec => ({ id: 210, length, enterprise: 0 });
const field = (id: number, length: number): FieldSpec => ({ id, length, enterprise: 0 });

/**
 * The record of NetFlow v5, which has one form, as the template that it would be (Cisco, "NetFlow Export Datagram Format", table B-4).
 * Of ICMP, type and code stand in the destination's port, type × 256 + code.
 */
export const NETFLOW5 = new Template(
  0,
  [
    field(ELEMENT.sourceIPv4Address, 4),
    field(ELEMENT.destinationIPv4Address, 4),
    unread(4),
    field(ELEMENT.ingressInterface, 2),
    field(ELEMENT.egressInterface, 2),
    field(ELEMENT.packetDeltaCount, 4),
    field(ELEMENT.octetDeltaCount, 4),
    field(ELEMENT.flowStartSysUpTime, 4),
    field(ELEMENT.flowEndSysUpTime, 4),
    field(ELEMENT.sourceTransportPort, 2),
    field(ELEMENT.destinationTransportPort, 2),
    unread(1),
    field(ELEMENT.tcpControlBits, 1),
    field(ELEMENT.protocolIdentifier, 1),
    // Type of service, autonomous systems and masks of both ends, padding.
    unread(9),
  ],
  false,
);
