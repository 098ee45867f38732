/** One direction of a connection, as an exporter tells of it. */
export interface Told {
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort: number;
  readonly dstPort: number;
  /** Empty where the exporter does not say. */
  readonly srcMac: string;
  readonly dstMac: string;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  /** 0 untagged. */
  readonly vlan: number;
  readonly tcpFlags: number;
  readonly bytes: number;
  readonly packets: number;
  /** Milliseconds since 1970 by the exporter's clock. */
  readonly startMs: number;
  readonly endMs: number;
  /** Counters are of what was picked, times how many were not. */
  readonly isEstimated: boolean;
}

/** 17.6 TB: three minutes of 800 Gbit/s, or half an hour of 80. */
const MAX_BYTES = 2 ** 44;
const MAX_PACKETS = 2 ** 40;
/** RFC 8200: the longest packet but jumbograms, with its header. */
const LONGEST_PACKET = 65_575;

/** Whether no packets can have these counters. What is left adds up to whole numbers, however often it comes. */
export function isAbsurd({ bytes, packets }: Pick<Told, 'bytes' | 'packets'>): boolean {
  if (!(bytes >= 0 && bytes <= MAX_BYTES && packets >= 0 && packets <= MAX_PACKETS)) return true;
  return packets > 0 && bytes > packets * LONGEST_PACKET;
}
