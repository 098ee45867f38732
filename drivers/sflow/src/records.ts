import { ipv4Text, ipv6Text, macText } from './address.ts';
import { type Packet, parseEthernet, parseIpv4, parseIpv6 } from './packet.ts';
import type { Xdr } from './xdr.ts';

/** Formats of flow records with enterprise 0 ("opaque = flow_data"). */
const RECORD = { header: 1, ethernet: 2, ipv4: 3, ipv6: 4, extendedSwitch: 1001 } as const;
const HEADER_PROTOCOL = { ethernet: 1, ipv4: 11, ipv6: 12 } as const;

type Link = Pick<Packet, 'srcMac' | 'dstMac'>;

/** What the records of a flow sample tell of its packet, each as far as it was there. */
interface Told {
  header?: Packet;
  ip?: Omit<Packet, keyof Link | 'vlan'>;
  link?: Link;
  /** VLAN with which the switch took it in. */
  vlan?: number;
}

/**
 * Reads the records of a flow sample: the packet's header where there is one, else what the agent says of it.
 * @returns undefined for a packet that is not IP, null for records that do not end where they say
 */
export function readRecords(xdr: Xdr): Packet | undefined | null {
  const told: Told = {};
  for (let count = xdr.u32(); count > 0; count--) {
    const format = xdr.u32();
    const record = xdr.opaque();
    if (record === null) return null;
    readRecord(format, record, told);
  }
  return xdr.isTorn ? null : packetOf(told);
}

function readRecord(format: number, record: Xdr, told: Told): void {
  switch (format) {
    case RECORD.header: {
      const header = readHeader(record);
      if (header !== undefined) told.header = header;
      return;
    }
    case RECORD.ethernet: {
      record.u32();
      // Each in eight octets: six, padded.
      const [src, dst] = [record.skip(8), record.skip(8)];
      if (!record.isTorn) told.link = { srcMac: macText(record.bytes, src), dstMac: macText(record.bytes, dst) };
      return;
    }
    case RECORD.ipv4:
    case RECORD.ipv6: {
      const ip = readIp(record, format === RECORD.ipv4 ? 4 : 6);
      if (ip !== undefined) told.ip = ip;
      return;
    }
    case RECORD.extendedSwitch: {
      const vlan = record.u32();
      if (!record.isTorn && vlan >= 1 && vlan <= 4094) told.vlan = vlan;
      return;
    }
  }
}

/** `sampled_header`. */
function readHeader(record: Xdr): Packet | undefined {
  const protocol = record.u32();
  const frameLength = record.u32();
  record.u32();
  const header = record.opaque();
  if (header === null) return undefined;
  const { bytes, at, end } = header;
  const packet = parseAs(protocol, bytes, at, end);
  // A length of 0 stands in packets that a network card cuts up on its way out: the frame is what is known of it.
  return packet?.bytes === 0 ? { ...packet, bytes: Math.min(frameLength, MAX_FRAME) } : packet;
}

const MAX_FRAME = 0xffff;

function parseAs(protocol: number, bytes: Uint8Array, at: number, end: number): Packet | undefined {
  switch (protocol) {
    case HEADER_PROTOCOL.ethernet:
      return parseEthernet(bytes, at, end);
    case HEADER_PROTOCOL.ipv4:
      return parseIpv4(bytes, at, end);
    case HEADER_PROTOCOL.ipv6:
      return parseIpv6(bytes, at, end);
    default:
      return undefined;
  }
}

/** `sampled_ipv4` and `sampled_ipv6`. */
function readIp(record: Xdr, ipVersion: 4 | 6): Told['ip'] {
  const octets = ipVersion === 4 ? 4 : 16;
  const text = ipVersion === 4 ? ipv4Text : ipv6Text;
  const length = record.u32();
  const protocol = record.u32() & 0xff;
  const [src, dst] = [record.skip(octets), record.skip(octets)];
  const [srcPort, dstPort, tcpFlags] = [record.u32() & 0xffff, record.u32() & 0xffff, record.u32() & 0xff];
  if (record.isTorn) return undefined;
  const ends = { srcIp: text(record.bytes, src), dstIp: text(record.bytes, dst), srcPort, dstPort };
  const rest = { icmpType: null, icmpCode: null, tcpFlags, bytes: Math.min(length, MAX_FRAME) };
  return { ipVersion, protocol, ...ends, ...rest };
}

function packetOf({ header, ip, link, vlan = 0 }: Told): Packet | undefined {
  if (header !== undefined) return header.vlan === 0 ? { ...header, vlan } : header;
  return ip && { ...ip, srcMac: link?.srcMac ?? null, dstMac: link?.dstMac ?? null, vlan };
}
