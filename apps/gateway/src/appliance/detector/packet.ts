import type { GatewayTuple } from '@hypervigil/contract';

export type PacketTuple = Omit<GatewayTuple, 'net'>;

const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 132, 33, 136]);
const ICMP = 1;
const ICMPV6 = 58;
/** Hop-by-hop, routing and destination options stand before the payload (RFC 8200). */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);

const TCP = 6;
const TCP_HEADER_BYTES = 20;
const UDP = 17;
const UDP_HEADER_BYTES = 8;

/** A packet without its IP headers. */
interface Carried {
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  /** With whatever stands behind it. */
  readonly bytes: Buffer;
  /** As its headers say. */
  readonly length: number;
}

/** Between whom a packet goes, from its IP header on; undefined for what has no whole header or is not a first fragment. */
export function parsePacket(bytes: Buffer): PacketTuple | undefined {
  const carried = carriedBy(bytes);
  return carried && transport(carried);
}

/** What a UDP packet carries, from its IP header on; undefined for any other packet. */
export function udpPayload(bytes: Buffer): Buffer | undefined {
  const carried = carriedBy(bytes);
  if (carried?.protocol !== UDP || carried.bytes.length < UDP_HEADER_BYTES) return undefined;
  return carried.bytes.subarray(UDP_HEADER_BYTES, Math.max(UDP_HEADER_BYTES, carried.bytes.readUInt16BE(4)));
}

/** What a segment of TCP carries, likewise: nothing, mostly (RFC 9293, 3.1). */
export function tcpPayload(bytes: Buffer): Buffer | undefined {
  const carried = carriedBy(bytes);
  if (carried?.protocol !== TCP || carried.bytes.length < TCP_HEADER_BYTES) return undefined;
  const header = (carried.bytes[12]! >> 4) * 4;
  return header < TCP_HEADER_BYTES ? undefined : carried.bytes.subarray(header, Math.max(header, carried.length));
}

function carriedBy(bytes: Buffer): Carried | undefined {
  const version = bytes.length > 0 ? bytes[0]! >> 4 : 0;
  if (version === 4) return parseIpv4(bytes);
  return version === 6 ? parseIpv6(bytes) : undefined;
}

function parseIpv4(bytes: Buffer): Carried | undefined {
  if (bytes.length < 20) return undefined;
  const header = (bytes[0]! & 0xf) * 4;
  const isLaterFragment = (bytes.readUInt16BE(6) & 0x1fff) !== 0;
  if (header < 20 || isLaterFragment) return undefined;
  const address = (at: number) => [...bytes.subarray(at, at + 4)].join('.');
  return {
    protocol: bytes[9]!,
    srcIp: address(12),
    dstIp: address(16),
    bytes: bytes.subarray(header),
    length: bytes.readUInt16BE(2) - header,
  };
}

function parseIpv6(bytes: Buffer): Carried | undefined {
  if (bytes.length < 40) return undefined;
  let next = bytes[6]!;
  let at = 40;
  while (EXTENSIONS.has(next)) {
    if (at + 8 > bytes.length) return undefined;
    next = bytes[at]!;
    at += (bytes[at + 1]! + 1) * 8;
  }
  const address = (from: number) =>
    Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(from + 2 * i).toString(16)).join(':');
  const [srcIp, dstIp] = [canonicalIpv6(address(8)), canonicalIpv6(address(24))];
  return { protocol: next, srcIp, dstIp, bytes: bytes.subarray(at), length: bytes.readUInt16BE(4) + 40 - at };
}

/** As conntrack prints addresses (RFC 5952). */
const canonicalIpv6 = (text: string): string => new URL(`http://[${text}]`).hostname.slice(1, -1);

function transport({ protocol, srcIp, dstIp, bytes }: Carried): PacketTuple | undefined {
  const tuple = { protocol, srcIp, dstIp, srcPort: 0, dstPort: 0 };
  if (bytes.length < 4) return WITH_PORTS.has(protocol) ? undefined : tuple;
  if (WITH_PORTS.has(protocol)) return { ...tuple, srcPort: bytes.readUInt16BE(0), dstPort: bytes.readUInt16BE(2) };
  // As conntrack keeps them: the type and the code where others have a port.
  return protocol === ICMP || protocol === ICMPV6 ? { ...tuple, dstPort: bytes.readUInt16BE(0) } : tuple;
}

/** Where ends have no ports an answer is told from its question by neither. */
export const hasPorts = ({ protocol }: PacketTuple): boolean => WITH_PORTS.has(protocol);

/** As the answer goes. */
export const turned = ({ protocol, srcIp, dstIp, srcPort, dstPort }: PacketTuple): PacketTuple => ({
  protocol,
  srcIp: dstIp,
  dstIp: srcIp,
  srcPort: dstPort,
  dstPort: srcPort,
});

/** The same for both directions of a connection. */
export function connectionKey(place: number | null, { protocol, srcIp, dstIp, srcPort, dstPort }: PacketTuple): string {
  const ends = [`${srcIp} ${srcPort}`, `${dstIp} ${dstPort}`];
  // An answer of ICMP has another type, so a connection is known by its question alone.
  const sorted = protocol === ICMP || protocol === ICMPV6 ? ends : ends.sort();
  return `${place} ${protocol} ${sorted.join(' ')}`;
}
