import { attributesOf, vlanOf } from '../netlink.ts';

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

/** Undefined for anything that is not such a packet. */
export function parseNflog(record: Buffer): CopiedPacket | undefined {
  const attributes = attributesOf(record, HEADER_BYTES);
  const packet = attributes.get(TLV.payload);
  if (!packet) return undefined;
  return {
    mark: u32Of(attributes.get(TLV.mark)) ?? 0,
    port: u32Of(attributes.get(TLV.port) ?? attributes.get(TLV.in)) ?? null,
    vlan: vlanOf(attributes.get(TLV.vlan)),
    packet,
  };
}

const u32Of = (bytes: Buffer | undefined): number | undefined =>
  bytes && bytes.length >= 4 ? bytes.readUInt32BE(0) : undefined;
