/** Just enough of Ethernet, ARP and IPv4 to speak to a switch. All checksums are right: conntrack looks at them. */

export const BROADCAST = 'ff:ff:ff:ff:ff:ff';

const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');
const ipBytes = (address: string): Buffer => Buffer.from(address.split('.').map(Number));
const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
};

const TYPES = { ipv4: 0x0800, arp: 0x0806, rarp: 0x8035 } as const;

export function ethernet(dst: string, src: string, type: keyof typeof TYPES, payload: Buffer, vlan?: number): Buffer {
  const tag = vlan === undefined ? Buffer.alloc(0) : u16(0x8100, vlan);
  const frame = Buffer.concat([macBytes(dst), macBytes(src), tag, u16(TYPES[type]), payload]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))]);
}

/** ARP and RARP over Ethernet (RFC 826, RFC 903). Operations: 1 request, 2 reply, 3 reverse request. */
export function arp(op: number, sha: string, spa: string, tha: string, tpa: string): Buffer {
  return Buffer.concat([u16(1, 0x0800, 0x0604, op), macBytes(sha), ipBytes(spa), macBytes(tha), ipBytes(tpa)]);
}

function ipv4(src: string, dst: string, protocol: number, payload: Buffer): Buffer {
  const header = Buffer.concat([
    u16(0x4500, 20 + payload.length, 0, 0, (64 << 8) | protocol, 0),
    ipBytes(src),
    ipBytes(dst),
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

export function udp(src: string, dst: string, sport: number, dport: number, payload = Buffer.alloc(0)): Buffer {
  const datagram = Buffer.concat([u16(sport, dport, 8 + payload.length, 0), payload]);
  datagram.writeUInt16BE(checksum(pseudoHeader(src, dst, 17, datagram)) || 0xffff, 6);
  return ipv4(src, dst, 17, datagram);
}

export const TCP = { syn: 2, ack: 16, synAck: 18 } as const;

export function tcp(src: string, dst: string, sport: number, dport: number, flags: number, seq = 1, ack = 1): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(sport, 0);
  segment.writeUInt16BE(dport, 2);
  segment.writeUInt32BE(seq, 4);
  segment.writeUInt32BE(ack, 8);
  segment.writeUInt16BE(0x5000 | flags, 12);
  segment.writeUInt16BE(0xffff, 14);
  segment.writeUInt16BE(checksum(pseudoHeader(src, dst, 6, segment)), 16);
  return ipv4(src, dst, 6, segment);
}

/** Destination unreachable, port unreachable (RFC 792), about a packet. */
export function unreachable(src: string, dst: string, about: Buffer): Buffer {
  const message = Buffer.concat([u16(0x0303, 0, 0, 0), about.subarray(0, 28)]);
  message.writeUInt16BE(checksum(message), 2);
  return ipv4(src, dst, 1, message);
}

function pseudoHeader(src: string, dst: string, protocol: number, segment: Buffer): Buffer {
  return Buffer.concat([ipBytes(src), ipBytes(dst), u16(protocol, segment.length), segment]);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
