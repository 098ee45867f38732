/**
 * What a sender is told of a packet that was rejected: a TCP reset (RFC 9293, 3.10.7.1), or "administratively prohibited" (ICMP
 * 3/13, RFC 1812 5.2.7.1; ICMPv6 1/1, RFC 4443 3.1). The answer bears the address that was asked and goes back to the one
 * who asked; it is never longer than what it answers by more than its own headers. Undefined for what is not to be answered
 * (RFC 1122, 3.2.2) or cannot be read: the bytes are a guest's.
 * @param frame Ethernet frame without VLAN tag; it may be cut off behind the headers
 */
export function rejectAnswer(frame: Buffer): Buffer | undefined {
  if (frame.length < ETHERNET || (frame.readUInt8(0) & 1) !== 0 || (frame.readUInt8(6) & 1) !== 0) return undefined;
  const type = frame.readUInt16BE(12);
  const packet = frame.subarray(ETHERNET);
  const asked = type === TYPE[4] ? readIpv4(packet) : type === TYPE[6] ? readIpv6(packet) : undefined;
  const answer = asked && answerTo(asked);
  return answer && Buffer.concat([frame.subarray(6, 12), frame.subarray(0, 6), frame.subarray(12, ETHERNET), answer]);
}

const ETHERNET = 14;
const TYPE = { 4: 0x0800, 6: 0x86dd } as const;
const ICMP = 1;
const TCP = 6;
const ICMPV6 = 58;
const HOPS = 64;

interface Asked {
  readonly family: 4 | 6;
  readonly src: Buffer;
  readonly dst: Buffer;
  readonly protocol: number;
  /** Behind the IP headers, as far as it is there. */
  readonly payload: Buffer;
  /** As many bytes as the packet says that there are behind them. */
  readonly payloadLength: number;
  /** What an error repeats. */
  readonly quote: Buffer;
}

function readIpv4(packet: Buffer): Asked | undefined {
  if (packet.length < 20 || packet.readUInt8(0) >> 4 !== 4) return undefined;
  const header = (packet.readUInt8(0) & 15) * 4;
  const length = packet.readUInt16BE(2);
  // More to come, or not the first: only the first fragment has ports, and no answer says to which packet it belongs.
  const isFragment = (packet.readUInt16BE(6) & 0x3fff) !== 0;
  if (header < 20 || length < header || packet.length < header || isFragment) return undefined;
  const [src, dst] = [packet.subarray(12, 16), packet.subarray(16, 20)];
  if (!isOneIpv4(src) || !isOneIpv4(dst)) return undefined;
  const whole = packet.subarray(0, length);
  return {
    family: 4,
    src,
    dst,
    protocol: packet.readUInt8(9),
    payload: whole.subarray(header),
    payloadLength: length - header,
    // The header and eight bytes: the ports of what is answered (RFC 792).
    quote: whole.subarray(0, header + 8),
  };
}

/** Somebody's: not "this network", loopback, multicast, reserved or broadcast (RFC 6890). */
function isOneIpv4(address: Buffer): boolean {
  const first = address.readUInt8(0);
  return first !== 0 && first !== 127 && first < 224;
}

/** Extension headers that only go before others (RFC 8200, 4): hop-by-hop, routing, destination. */
const EXTENSIONS = new Set([0, 43, 60]);
const FRAGMENT = 44;
const MAX_EXTENSIONS = 8;

function readIpv6(packet: Buffer): Asked | undefined {
  if (packet.length < 40 || packet.readUInt8(0) >> 4 !== 6) return undefined;
  const length = 40 + packet.readUInt16BE(4);
  const [src, dst] = [packet.subarray(8, 24), packet.subarray(24, 40)];
  if (!isOneIpv6(src) || !isOneIpv6(dst)) return undefined;
  const whole = packet.subarray(0, length);
  let protocol = packet.readUInt8(6);
  let offset = 40;
  for (let n = 0; EXTENSIONS.has(protocol); n++) {
    if (n === MAX_EXTENSIONS || offset + 8 > whole.length) return undefined;
    protocol = whole.readUInt8(offset);
    offset += (whole.readUInt8(offset + 1) + 1) * 8;
  }
  if (protocol === FRAGMENT || offset > whole.length) return undefined;
  return {
    family: 6,
    src,
    dst,
    protocol,
    payload: whole.subarray(offset),
    payloadLength: length - offset,
    quote: whole,
  };
}

/** Neither unspecified, loopback nor multicast. */
function isOneIpv6(address: Buffer): boolean {
  return address.readUInt8(0) !== 0xff && address.subarray(0, 15).some((byte) => byte !== 0);
}

/** ICMP and ICMPv6 that ask something; an error is never answered with one. */
const ASKING: Readonly<Record<number, ReadonlySet<number>>> = {
  [ICMP]: new Set([8, 13, 15, 17]),
  [ICMPV6]: new Set([128]),
};

function answerTo(asked: Asked): Buffer | undefined {
  const { family, protocol, payload } = asked;
  if (protocol === TCP) return resetOf(asked);
  const asking = ASKING[protocol];
  if (asking && !(payload.length > 0 && asking.has(payload.readUInt8(0)))) return undefined;
  const [type, code] = family === 4 ? [3, 13] : [1, 1];
  const body = Buffer.concat([Buffer.from([type, code, 0, 0, 0, 0, 0, 0]), asked.quote]);
  body.writeUInt16BE(family === 4 ? checksum(body) : checksum(pseudoHeader(asked, ICMPV6, body.length), body), 2);
  return Buffer.concat([ipHeader(asked, family === 4 ? ICMP : ICMPV6, body.length), body]);
}

const FLAG = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

function resetOf(asked: Asked): Buffer | undefined {
  const { payload, payloadLength } = asked;
  if (payload.length < 20) return undefined;
  const header = (payload.readUInt8(12) >> 4) * 4;
  const flags = payload.readUInt8(13);
  if (header < 20 || header > payloadLength || (flags & FLAG.rst) !== 0) return undefined;
  const segment = payloadLength - header + (flags & FLAG.syn ? 1 : 0) + (flags & FLAG.fin ? 1 : 0);
  const answer = Buffer.alloc(20);
  answer.writeUInt16BE(payload.readUInt16BE(2), 0);
  answer.writeUInt16BE(payload.readUInt16BE(0), 2);
  if (flags & FLAG.ack) answer.writeUInt32BE(payload.readUInt32BE(8), 4);
  else answer.writeUInt32BE((payload.readUInt32BE(4) + segment) >>> 0, 8);
  answer.writeUInt8(5 << 4, 12);
  answer.writeUInt8(flags & FLAG.ack ? FLAG.rst : FLAG.rst | FLAG.ack, 13);
  answer.writeUInt16BE(checksum(pseudoHeader(asked, TCP, answer.length), answer), 16);
  return Buffer.concat([ipHeader(asked, TCP, answer.length), answer]);
}

/** Of a packet from the one that was asked to the one who asked. */
function ipHeader({ family, src, dst }: Asked, protocol: number, length: number): Buffer {
  if (family === 6) {
    const head = Buffer.from([0x60, 0, 0, 0, 0, 0, protocol, HOPS]);
    head.writeUInt16BE(length, 4);
    return Buffer.concat([head, dst, src]);
  }
  const head = Buffer.alloc(20);
  head.writeUInt8(0x45, 0);
  head.writeUInt16BE(20 + length, 2);
  head.writeUInt16BE(0x4000, 6);
  head.writeUInt8(HOPS, 8);
  head.writeUInt8(protocol, 9);
  dst.copy(head, 12);
  src.copy(head, 16);
  head.writeUInt16BE(checksum(head), 10);
  return head;
}

/** What TCP and ICMPv6 sum besides themselves (RFC 9293, 3.1; RFC 8200, 8.1). */
function pseudoHeader({ src, dst }: Asked, protocol: number, length: number): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32BE(length, 0);
  tail.writeUInt8(protocol, 7);
  return Buffer.concat([dst, src, tail]);
}

/** The Internet checksum (RFC 1071). Every part but the last has an even length. */
export function checksum(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts) for (let i = 0; i < part.length; i += 2) sum += (part[i]! << 8) | (part[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
