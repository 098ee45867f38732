import { ipv4Text, ipv6Text, macText } from './address.ts';
import { transportOf } from './transport.ts';

/** What the beginning of a packet tells. */
export interface Packet {
  readonly ipVersion: 4 | 6;
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  /** 0 where the protocol has none, where it lies beyond what was captured, and in fragments but the first. */
  readonly srcPort: number;
  readonly dstPort: number;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  readonly tcpFlags: number;
  /** Null where the header begins with IP. */
  readonly srcMac: string | null;
  readonly dstMac: string | null;
  /** Of the outermost tag; 0 untagged. */
  readonly vlan: number;
  /** Octets of IP, as its own header says. */
  readonly bytes: number;
}

type Ends = Pick<Packet, 'srcMac' | 'dstMac' | 'vlan'>;
const NO_LINK: Ends = Object.freeze({ srcMac: null, dstMac: null, vlan: 0 });

const ETHERNET_HEADER = 14;
const TAG = 4;
const MAX_TAGS = 4;
/** IEEE 802.1Q, 802.1ad, and what switches used before that. */
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd } as const;

/** An Ethernet frame of which octets `at` to `end` were captured. @returns undefined for what is not IP */
export function parseEthernet(bytes: Uint8Array, at: number, end: number): Packet | undefined {
  if (end - at < ETHERNET_HEADER) return undefined;
  const ends = { srcMac: macText(bytes, at + 6), dstMac: macText(bytes, at), vlan: 0 };
  let place = at + ETHERNET_HEADER;
  let type = u16(bytes, place - 2);
  for (let tags = 0; TAGS.has(type); tags++) {
    if (tags === MAX_TAGS || end - place < TAG) return undefined;
    if (tags === 0) ends.vlan = u16(bytes, place) & 0xfff;
    type = u16(bytes, place + 2);
    place += TAG;
  }
  if (type === ETHERTYPE.ipv4) return parseIpv4(bytes, place, end, ends);
  return type === ETHERTYPE.ipv6 ? parseIpv6(bytes, place, end, ends) : undefined;
}

const IPV4_HEADER = 20;

/** RFC 791. */
export function parseIpv4(bytes: Uint8Array, at: number, end: number, ends = NO_LINK): Packet | undefined {
  if (end - at < IPV4_HEADER || bytes[at]! >> 4 !== 4) return undefined;
  const header = (bytes[at]! & 15) * 4;
  if (header < IPV4_HEADER) return undefined;
  const protocol = bytes[at + 9]!;
  const isFirst = (u16(bytes, at + 6) & 0x1fff) === 0;
  return {
    ...ends,
    ipVersion: 4,
    protocol,
    srcIp: ipv4Text(bytes, at + 12),
    dstIp: ipv4Text(bytes, at + 16),
    bytes: u16(bytes, at + 2),
    ...transportOf(bytes, isFirst ? at + header : end, end, protocol),
  };
}

const IPV6_HEADER = 40;
const MAX_EXTENSIONS = 8;
const EXTENSION = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;

/** RFC 8200, with the extension headers that lead to the transport (4.1) and RFC 4302's. */
export function parseIpv6(bytes: Uint8Array, at: number, end: number, ends = NO_LINK): Packet | undefined {
  if (end - at < IPV6_HEADER || bytes[at]! >> 4 !== 6) return undefined;
  let protocol = bytes[at + 6]!;
  let place = at + IPV6_HEADER;
  for (let headers = 0; headers < MAX_EXTENSIONS; headers++) {
    const length = extensionLength(bytes, place, end, protocol);
    if (length === 0) break;
    const isLater = protocol === EXTENSION.fragment && place + 4 <= end && u16(bytes, place + 2) >> 3 !== 0;
    protocol = bytes[place]!;
    place = isLater ? end : place + length;
  }
  return {
    ...ends,
    ipVersion: 6,
    protocol,
    srcIp: ipv6Text(bytes, at + 8),
    dstIp: ipv6Text(bytes, at + 24),
    bytes: IPV6_HEADER + u16(bytes, at + 4),
    ...transportOf(bytes, place, end, protocol),
  };
}

/** Octets of the extension header at a place; 0 where there is none, or none that was captured. */
function extensionLength(bytes: Uint8Array, at: number, end: number, protocol: number): number {
  if (end - at < 2) return 0;
  switch (protocol) {
    case EXTENSION.fragment:
      return 8;
    case EXTENSION.authentication:
      return (bytes[at + 1]! + 2) * 4;
    case EXTENSION.hopByHop:
    case EXTENSION.routing:
    case EXTENSION.destination:
      return (bytes[at + 1]! + 1) * 8;
    default:
      return 0;
  }
}

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
