import type { FlowRecord } from '@hypervigil/contract';

/** A record as a connection of one packet makes it. */
export function flowRecord(key: string, more: Partial<FlowRecord> = {}): FlowRecord {
  return {
    key,
    point: 'egress',
    net: 1,
    protocol: 6,
    srcIp: '10.0.0.1',
    dstIp: '10.0.0.2',
    srcPort: 40_000,
    dstPort: 80,
    srcMac: '52:54:00:00:00:01',
    dstMac: '52:54:00:00:00:02',
    icmpType: null,
    icmpCode: null,
    verdict: 'allow',
    pending: null,
    inspection: null,
    rule: 100,
    revision: 1,
    bytes: 60,
    packets: 1,
    replyBytes: 0,
    replyPackets: 0,
    tcpFlags: 0,
    startMs: 1,
    endMs: 2,
    ...more,
  };
}
