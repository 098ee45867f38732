import type { FlowRecord } from '@hypervigil/contract';
import type { Connection } from './connection.ts';

/** What is new of a connection since the last time. */
export function takeRecord(connection: Connection, beside: Pick<FlowRecord, 'pending' | 'inspection'>): FlowRecord {
  const record: FlowRecord = {
    key: connection.key,
    point: connection.point,
    net: connection.net,
    protocol: connection.protocol,
    srcIp: connection.srcIp,
    dstIp: connection.dstIp,
    srcPort: connection.srcPort,
    dstPort: connection.dstPort,
    srcMac: connection.srcMac,
    dstMac: connection.dstMac,
    icmpType: connection.icmpType,
    icmpCode: connection.icmpCode,
    verdict: connection.verdict,
    rule: connection.rule,
    pending: beside.pending,
    inspection: beside.inspection,
    revision: connection.revision,
    bytes: connection.bytes,
    packets: connection.packets,
    replyBytes: connection.replyBytes,
    replyPackets: connection.replyPackets,
    tcpFlags: connection.tcpFlags,
    startMs: connection.startMs,
    endMs: connection.endMs,
    first: !connection.isTold,
  };
  connection.bytes = 0;
  connection.packets = 0;
  connection.replyBytes = 0;
  connection.replyPackets = 0;
  connection.isTold = true;
  return record;
}
