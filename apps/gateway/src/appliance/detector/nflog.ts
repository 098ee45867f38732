/** A packet that the firewall copied (LINKTYPE_NFLOG; nfnetlink_log.h). */
export interface CopiedPacket {
  /** The packet's mark: as connection marks, 0 when it has none. */
  readonly mark: number;
  readonly vlan: number | null;
  /** Index of the interface where it came in; null when the copy does not say. */
  readonly port: number | null;
  /** From the IP header on. */
  readonly packet: Buffer;
}

export const LINKTYPE_NFLOG = 239;

const HEADER_BYTES = 4;
/** In a bridge `in` is the bridge itself, where the kernel knows the port besides (`__build_packet_message` of nfnetlink_log.c). */
const TLV = { mark: 2, in: 4, port: 6, payload: 9, vlan: 20 } as const;
const VLAN_TCI = 2;

/** Undefined for anything that is not such a packet. */
export function parseNflog(record: Buffer): CopiedPacket | undefined {
  const attributes = tlvs(record, HEADER_BYTES);
  const packet = attributes.get(TLV.payload);
  if (!packet) return undefined;
  const vlan = attributes.get(TLV.vlan);
  const tci = vlan && tlvs(vlan, 0).get(VLAN_TCI);
  return {
    mark: u32(attributes.get(TLV.mark)) ?? 0,
    port: u32(attributes.get(TLV.port) ?? attributes.get(TLV.in)) ?? null,
    vlan: tci && tci.length >= 2 ? tci.readUInt16BE(0) & 0xfff : null,
    packet,
  };
}

const u32 = (bytes: Buffer | undefined): number | undefined =>
  bytes && bytes.length >= 4 ? bytes.readUInt32BE(0) : undefined;

/** Length and type in this machine's order, as netlink has them; the first of a type counts. */
function tlvs(bytes: Buffer, from: number): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < 4 || at + length > bytes.length) break;
    // The two high bits say of a netlink attribute that it is nested, or in network order.
    const type = bytes.readUInt16LE(at + 2) & 0x3fff;
    if (!found.has(type)) found.set(type, bytes.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}
