import { NETFLOW5 } from './netflow5.ts';
import type { MalformedReason } from './stats.ts';

interface MessageHeader {
  /** Where sets, or records, begin and end in the packet. */
  readonly start: number;
  readonly end: number;
  readonly exportMs: number;
  /** NaN in IPFIX, whose header does not tell. */
  readonly bootMs: number;
  readonly sequence: number;
  readonly domain: number;
}

/** Of a message of sets, some of which are templates. */
export interface SetsHeader extends MessageHeader {
  readonly version: 9 | 10;
  readonly templateSet: number;
  readonly optionsSet: number;
}

/** Of a message of records of one form, {@link NETFLOW5}. */
interface RecordsHeader extends MessageHeader {
  readonly version: 5;
}

export type Header = SetsHeader | RecordsHeader;

const IPFIX_HEADER = 16;
const NETFLOW9_HEADER = 20;
const NETFLOW5_HEADER = 24;

/** @param received octets of the packet that hold the message */
export function parseHeader(packet: Uint8Array, received: number): Header | MalformedReason {
  if (received < IPFIX_HEADER) return 'short';
  const version = (packet[0]! << 8) | packet[1]!;
  if (version === 10) return parseIpfix(packet, received);
  if (version === 9) return parseNetflow9(packet, received);
  if (version === 5) return parseNetflow5(packet, received);
  return 'version';
}

/** RFC 7011, 3.1: version, length, export time, sequence number, observation domain. */
function parseIpfix(packet: Uint8Array, received: number): Header | MalformedReason {
  const length = (packet[2]! << 8) | packet[3]!;
  if (length < IPFIX_HEADER || length > received) return 'message-length';
  return {
    version: 10,
    start: IPFIX_HEADER,
    end: length,
    exportMs: u32(packet, 4) * 1000,
    bootMs: Number.NaN,
    sequence: u32(packet, 8),
    domain: u32(packet, 12),
    templateSet: 2,
    optionsSet: 3,
  };
}

/** RFC 3954, 5.1: version, count, milliseconds up, seconds since 1970, sequence number, source id. */
function parseNetflow9(packet: Uint8Array, received: number): Header | MalformedReason {
  if (received < NETFLOW9_HEADER) return 'short';
  const exportMs = u32(packet, 8) * 1000;
  return {
    version: 9,
    start: NETFLOW9_HEADER,
    end: received,
    exportMs,
    bootMs: exportMs - u32(packet, 4),
    sequence: u32(packet, 12),
    domain: u32(packet, 16),
    templateSet: 0,
    optionsSet: 1,
  };
}

/**
 * Version, count, milliseconds up, seconds and nanoseconds since 1970, flows before, engine's type and id, sampling (Cisco, "NetFlow
 * Export Datagram Format", table B-3). What is counted is as it was sampled.
 */
function parseNetflow5(packet: Uint8Array, received: number): Header | MalformedReason {
  if (received < NETFLOW5_HEADER) return 'short';
  const end = NETFLOW5_HEADER + ((packet[2]! << 8) | packet[3]!) * NETFLOW5.minLength;
  if (end > received) return 'message-length';
  const exportMs = u32(packet, 8) * 1000 + Math.floor(u32(packet, 12) / 1e6);
  return {
    version: 5,
    start: NETFLOW5_HEADER,
    end,
    exportMs,
    bootMs: exportMs - u32(packet, 4),
    sequence: u32(packet, 16),
    domain: (packet[20]! << 8) | packet[21]!,
  };
}

function u32(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}
