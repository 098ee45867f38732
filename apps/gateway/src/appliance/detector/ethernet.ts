import type { CopiedPacket } from './nflog.ts';

export const LINKTYPE_ETHERNET = 1;

const HEADER_BYTES = 14;
const TAG_BYTES = 4;
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100 } as const;

/** A packet that a mirror of the host sends: a frame whose tag says the network. Undefined for anything else than IP. */
export function parseEthernet(frame: Buffer): CopiedPacket | undefined {
  if (frame.length < HEADER_BYTES + TAG_BYTES || frame.readUInt16BE(12) !== ETHERTYPE.vlan) return undefined;
  const type = frame.readUInt16BE(16);
  if (type !== ETHERTYPE.ipv4 && type !== ETHERTYPE.ipv6) return undefined;
  return {
    mark: 0,
    vlan: frame.readUInt16BE(14) & 0xfff,
    port: null,
    packet: frame.subarray(HEADER_BYTES + TAG_BYTES),
  };
}
