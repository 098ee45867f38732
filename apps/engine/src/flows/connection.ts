import type { FlowRecord } from '@hypervigil/contract';
import type { Touched } from './recency.ts';
import type { Sample } from './sample.ts';

/** What a record says that does not change. */
type Fixed = Readonly<
  Pick<
    FlowRecord,
    | ('key' | 'net' | 'protocol' | 'srcIp' | 'dstIp' | 'srcPort' | 'dstPort' | 'srcMac' | 'dstMac')
    | ('icmpType' | 'icmpCode' | 'verdict' | 'rule')
  >
>;
/** What was counted since a record was last given, and what is known by then. */
type Counted = Pick<
  FlowRecord,
  'point' | 'revision' | 'bytes' | 'packets' | 'replyBytes' | 'replyPackets' | 'tcpFlags' | 'startMs' | 'endMs'
>;

/** What two ends do under one verdict of one rule: under another, it is another flow. */
export interface Connection extends Fixed, Counted, Touched<Connection> {
  /** Between which ends it is ({@link endsOf}). */
  readonly ends: string;
  /** As gateways name that; null until one is asked about. */
  meeting: string | null;
  readonly beganMs: number;
  touchedMs: number;
  /** Whether a record of it was given. */
  isTold: boolean;
  /** The rule that ended it in a gateway, as far as a record says so. */
  deniedBy: number | null;
  /** The one between the same ends that was present before it. */
  elder: Connection | null;
}

/** The request that an ICMP answer answers (RFC 792, RFC 4443). */
const ICMP_REQUEST_OF: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  1: { 0: 8, 14: 13, 16: 15, 18: 17 },
  58: { 129: 128 },
};

const requestOf = (protocol: number, icmpType: number | null): number | null =>
  icmpType === null ? null : (ICMP_REQUEST_OF[protocol]?.[icmpType] ?? icmpType);

/** Whether an ICMP message answers a request. */
export const isIcmpAnswer = (protocol: number, icmpType: number): boolean =>
  ICMP_REQUEST_OF[protocol]?.[icmpType] !== undefined;

/** One name for both ends, in the order of the original direction. */
export function endsOf(sample: Sample): string {
  const { protocol, srcIp, srcPort, dstIp, dstPort, icmpType, icmpCode } = sample;
  if (sample.direction === 'original') {
    const icmp = icmpType === null ? '' : `${icmpType}.${icmpCode}`;
    return `${protocol} ${srcIp} ${srcPort} ${dstIp} ${dstPort} ${icmp} ${sample.srcMac}`;
  }
  const icmp = icmpType === null ? '' : `${requestOf(protocol, icmpType)}.${icmpCode}`;
  return `${protocol} ${dstIp} ${dstPort} ${srcIp} ${srcPort} ${icmp} ${sample.dstMac}`;
}

/** The original direction of a sample. What comes as a reply from the trunk began at a vNIC here. */
function original(sample: Sample): Sample {
  if (sample.direction === 'original') return sample;
  return {
    ...sample,
    point: sample.point === 'ingress' ? 'egress' : 'ingress',
    srcIp: sample.dstIp,
    dstIp: sample.srcIp,
    srcPort: sample.dstPort,
    dstPort: sample.srcPort,
    srcMac: sample.dstMac,
    dstMac: sample.srcMac,
    icmpType: requestOf(sample.protocol, sample.icmpType),
  };
}

export function begin(key: string, ends: string, sample: Sample, net: number, nowMs: number): Connection {
  const first = original(sample);
  return {
    key,
    net,
    protocol: first.protocol,
    srcIp: first.srcIp,
    dstIp: first.dstIp,
    srcPort: first.srcPort,
    dstPort: first.dstPort,
    srcMac: first.srcMac,
    dstMac: first.dstMac,
    icmpType: first.icmpType,
    icmpCode: first.icmpCode,
    verdict: first.verdict,
    rule: first.ruleNum,
    point: first.point,
    revision: 0,
    bytes: 0,
    packets: 0,
    replyBytes: 0,
    replyPackets: 0,
    tcpFlags: 0,
    startMs: first.startMs,
    endMs: first.endMs,
    ends,
    meeting: null,
    beganMs: nowMs,
    touchedMs: nowMs,
    isTold: false,
    deniedBy: null,
    elder: null,
    older: null,
    newer: null,
  };
}

export function countIn(connection: Connection, sample: Sample): void {
  if (sample.direction === 'original') {
    connection.point = sample.point;
    connection.bytes += sample.bytes;
    connection.packets += sample.packets;
  } else {
    connection.replyBytes += sample.bytes;
    connection.replyPackets += sample.packets;
  }
  connection.tcpFlags |= sample.tcpFlags ?? 0;
  if (sample.startMs < connection.startMs) connection.startMs = sample.startMs;
  if (sample.endMs > connection.endMs) connection.endMs = sample.endMs;
}
