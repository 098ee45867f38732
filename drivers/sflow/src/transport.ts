import type { Packet } from './packet.ts';

type Transport = Pick<Packet, 'srcPort' | 'dstPort' | 'icmpType' | 'icmpCode' | 'tcpFlags'>;
const NONE: Transport = Object.freeze({ srcPort: 0, dstPort: 0, icmpType: null, icmpCode: null, tcpFlags: 0 });

const TCP = 6;
const ICMP: ReadonlySet<number> = new Set([1, 58]);
/** TCP, UDP, DCCP, SCTP and UDP-Lite begin with two ports (RFC 9293, 768, 4340, 9260, 3828). */
const WITH_PORTS: ReadonlySet<number> = new Set([TCP, 17, 33, 132, 136]);
const TCP_FLAGS_AT = 13;

/** What the header behind IP tells, as far as it was captured. */
export function transportOf(bytes: Uint8Array, at: number, end: number, protocol: number): Transport {
  const captured = end - at;
  if (ICMP.has(protocol) && captured >= 2) return { ...NONE, icmpType: bytes[at]!, icmpCode: bytes[at + 1]! };
  if (!WITH_PORTS.has(protocol) || captured < 4) return NONE;
  return {
    ...NONE,
    srcPort: (bytes[at]! << 8) | bytes[at + 1]!,
    dstPort: (bytes[at + 2]! << 8) | bytes[at + 3]!,
    tcpFlags: protocol === TCP && captured > TCP_FLAGS_AT ? bytes[at + TCP_FLAGS_AT]! : 0,
  };
}
