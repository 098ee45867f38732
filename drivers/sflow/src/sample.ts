import type { Packet } from './packet.ts';
import { readRecords } from './records.ts';
import type { Xdr } from './xdr.ts';

/** A packet that an agent picked: it stands for `rate` of them. */
export interface PacketSample {
  readonly packet: Packet;
  /** One in so many packets was picked, at least 1. */
  readonly rate: number;
}

/** Formats of samples with enterprise 0 ("opaque = sample_data"). */
export const SAMPLE = { flow: 1, counters: 2, expandedFlow: 3, expandedCounters: 4 } as const;

/**
 * `flow_sample` and, with `isExpanded`, `flow_sample_expanded`.
 * @returns undefined for a packet that is not IP, null for a sample that does not end where it says
 */
export function readFlowSample(xdr: Xdr, isExpanded: boolean): PacketSample | undefined | null {
  const wide = isExpanded ? 8 : 4;
  // Sequence number and source.
  xdr.skip(4 + wide);
  const rate = xdr.u32();
  // Pool, drops, and the two interfaces.
  xdr.skip(8 + 2 * wide);
  const packet = readRecords(xdr);
  return packet && { packet, rate: Math.max(1, rate) };
}
