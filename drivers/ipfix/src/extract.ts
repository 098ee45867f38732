import type { FlowRecord } from './flow-record.ts';
import { CLOCK, SLOT } from './slots.ts';
import type { Template } from './template.ts';

/** What a record's times may be relative to. */
export interface ExportTime {
  /** When the message was made, milliseconds since 1970. */
  exportMs: number;
  /** When the exporter started, for times since then; NaN when the message does not tell. */
  bootMs: number;
}

/**
 * Reads the record at `start`, to which the template was just fitted with `locate`.
 *
 * The slots are read in a straight line: no table of readers to call through, so that V8 inlines all of it.
 */
export function extract(r: FlowRecord, b: Uint8Array, start: number, template: Template, time: ExportTime): void {
  const { at, size } = template;
  r.pointId = uint(b, start, at[SLOT.pointId]!, size[SLOT.pointId]!);
  r.protocol = uint(b, start, at[SLOT.protocol]!, size[SLOT.protocol]!);
  r.etherType = uint(b, start, at[SLOT.etherType]!, size[SLOT.etherType]!);
  r.srcPort = uint(b, start, at[SLOT.srcPort]!, size[SLOT.srcPort]!);
  r.dstPort = uint(b, start, at[SLOT.dstPort]!, size[SLOT.dstPort]!);
  r.srcMacNumber = uint(b, start, at[SLOT.srcMac]!, size[SLOT.srcMac]!);
  r.dstMacNumber = uint(b, start, at[SLOT.dstMac]!, size[SLOT.dstMac]!);
  r.vlan = uint(b, start, at[SLOT.vlan]!, size[SLOT.vlan]!) & 0xfff;
  r.ingressInterface = uint(b, start, at[SLOT.ingress]!, size[SLOT.ingress]!);
  r.egressInterface = uint(b, start, at[SLOT.egress]!, size[SLOT.egress]!);
  r.direction = uint(b, start, at[SLOT.direction]!, size[SLOT.direction]!);
  r.packets = uint(b, start, at[SLOT.packets]!, size[SLOT.packets]!);
  r.layer2Bytes = uint(b, start, at[SLOT.layer2Bytes]!, size[SLOT.layer2Bytes]!);
  r.bytes = at[SLOT.bytes]! < 0 ? r.layer2Bytes : uint(b, start, at[SLOT.bytes]!, size[SLOT.bytes]!);
  r.replyBytes = uint(b, start, at[SLOT.replyBytes]!, size[SLOT.replyBytes]!);
  r.replyPackets = uint(b, start, at[SLOT.replyPackets]!, size[SLOT.replyPackets]!);
  r.tcpFlags = uint(b, start, at[SLOT.tcpFlags]!, size[SLOT.tcpFlags]!);
  r.replyTcpFlags = uint(b, start, at[SLOT.replyTcpFlags]!, size[SLOT.replyTcpFlags]!);
  r.endReason = uint(b, start, at[SLOT.endReason]!, size[SLOT.endReason]!);
  extractAddresses(r, b, start, at, size);
  extractIcmp(r, b, start, at, size);
  extractTimes(r, b, start, template, time);
}

function extractAddresses(r: FlowRecord, b: Uint8Array, start: number, at: Int32Array, size: Uint8Array): void {
  const v4 = at[SLOT.srcIpv4]!;
  const v6 = at[SLOT.srcIpv6]!;
  // A template with room for both (NetFlow exporters do that) says in ipVersion which one counts.
  const version = uint(b, start, at[SLOT.ipVersion]!, size[SLOT.ipVersion]!);
  if (v6 >= 0 && (v4 < 0 || version === 6)) {
    r.ipVersion = 6;
    const src = start + v6;
    r.src0 = u32(b, src);
    r.src1 = u32(b, src + 4);
    r.src2 = u32(b, src + 8);
    r.src3 = u32(b, src + 12);
    const dst = start + at[SLOT.dstIpv6]!;
    const present = at[SLOT.dstIpv6]! >= 0;
    r.dst0 = present ? u32(b, dst) : 0;
    r.dst1 = present ? u32(b, dst + 4) : 0;
    r.dst2 = present ? u32(b, dst + 8) : 0;
    r.dst3 = present ? u32(b, dst + 12) : 0;
    return;
  }
  const mapped = v4 >= 0 ? 0xffff : 0;
  r.ipVersion = v4 >= 0 ? 4 : 0;
  r.src0 = 0;
  r.src1 = 0;
  r.src2 = mapped;
  r.src3 = v4 >= 0 ? u32(b, start + v4) : 0;
  r.dst0 = 0;
  r.dst1 = 0;
  r.dst2 = mapped;
  r.dst3 = at[SLOT.dstIpv4]! >= 0 ? u32(b, start + at[SLOT.dstIpv4]!) : 0;
}

function extractIcmp(r: FlowRecord, b: Uint8Array, start: number, at: Int32Array, size: Uint8Array): void {
  if (at[SLOT.icmpType]! >= 0) {
    r.icmpType = uint(b, start, at[SLOT.icmpType]!, size[SLOT.icmpType]!);
    r.icmpCode = uint(b, start, at[SLOT.icmpCode]!, size[SLOT.icmpCode]!);
  } else if (at[SLOT.icmpTypeCode]! >= 0) {
    const both = uint(b, start, at[SLOT.icmpTypeCode]!, size[SLOT.icmpTypeCode]!);
    r.icmpType = (both >>> 8) & 255;
    r.icmpCode = both & 255;
  } else {
    r.icmpType = -1;
    r.icmpCode = -1;
  }
}

function extractTimes(r: FlowRecord, b: Uint8Array, start: number, template: Template, time: ExportTime): void {
  const { at, size } = template;
  const bootMs = at[SLOT.bootTime]! < 0 ? time.bootMs : uint(b, start, at[SLOT.bootTime]!, size[SLOT.bootTime]!);
  r.startMs = readTime(b, start + at[SLOT.start]!, template.startClock, time.exportMs, bootMs);
  r.endMs = readTime(b, start + at[SLOT.end]!, template.endClock, time.exportMs, bootMs);
}

/** Seconds from 1900, where NTP counts from, to 1970 (RFC 5905). */
const NTP_TO_UNIX = 2_208_988_800;

function readTime(b: Uint8Array, at: number, clock: number, exportMs: number, bootMs: number): number {
  switch (clock) {
    case CLOCK.seconds:
      return u32(b, at) * 1000;
    case CLOCK.milliseconds:
      return u32(b, at) * 0x1_0000_0000 + u32(b, at + 4);
    case CLOCK.ntp:
      return (u32(b, at) - NTP_TO_UNIX) * 1000 + Math.floor((u32(b, at + 4) * 1000) / 0x1_0000_0000);
    case CLOCK.deltaMicroseconds:
      return exportMs - Math.round(u32(b, at) / 1000);
    case CLOCK.upTime:
      return Number.isNaN(bootMs) ? exportMs : bootMs + u32(b, at);
    default:
      return exportMs;
  }
}

/** A big-endian number of 1 to 8 octets; 0 when the slot is absent (`offset` −1). Exact up to 2⁵³. */
function uint(b: Uint8Array, start: number, offset: number, size: number): number {
  if (offset < 0) return 0;
  const at = start + offset;
  switch (size) {
    case 1:
      return b[at]!;
    case 2:
      return (b[at]! << 8) | b[at + 1]!;
    case 4:
      return u32(b, at);
    case 8:
      return u32(b, at) * 0x1_0000_0000 + u32(b, at + 4);
    default: {
      let value = 0;
      for (let i = 0; i < size; i++) value = value * 256 + b[at + i]!;
      return value;
    }
  }
}

function u32(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}
