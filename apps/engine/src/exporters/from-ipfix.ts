import type { FlowRecord } from '@hypervigil/ipfix';
import { PROTOCOL } from '@hypervigil/policy';
import type { Told } from './told.ts';

/**
 * What a record of IPFIX or NetFlow tells, each direction for itself; nothing of what is no IP.
 * @param sampling one packet in so many was counted
 */
export function toldByRecord(record: FlowRecord, sampling: number): Told[] {
  if (record.ipVersion === 0) return [];
  const forward: Told = {
    ...endsOf(record),
    vlan: record.vlan,
    tcpFlags: record.tcpFlags & 0xff,
    bytes: (record.bytes || record.layer2Bytes) * sampling,
    packets: record.packets * sampling,
    startMs: record.startMs,
    endMs: Math.max(record.startMs, record.endMs),
    isEstimated: sampling > 1,
  };
  const { replyBytes, replyPackets, replyTcpFlags } = record;
  if (replyBytes === 0 && replyPackets === 0) return [forward];
  const counted = { bytes: replyBytes * sampling, packets: replyPackets * sampling };
  return [forward, { ...turned(forward), tcpFlags: replyTcpFlags & 0xff, ...counted }];
}

function endsOf(record: FlowRecord) {
  const { protocol } = record;
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const hasFields = record.icmpType >= 0;
  return {
    protocol,
    srcIp: record.srcAddr,
    dstIp: record.dstAddr,
    srcPort: isIcmp ? 0 : record.srcPort,
    dstPort: isIcmp ? 0 : record.dstPort,
    srcMac: record.srcMacNumber === 0 ? '' : record.srcMac,
    dstMac: record.dstMacNumber === 0 ? '' : record.dstMac,
    // Without fields for them, type and code are the destination's port (Cisco, "NetFlow Export Datagram Format").
    icmpType: isIcmp ? (hasFields ? record.icmpType : record.dstPort >> 8) : null,
    icmpCode: isIcmp ? (hasFields ? record.icmpCode : record.dstPort & 0xff) : null,
  };
}

const turned = (told: Told): Told => ({
  ...told,
  srcIp: told.dstIp,
  dstIp: told.srcIp,
  srcPort: told.dstPort,
  dstPort: told.srcPort,
  srcMac: told.dstMac,
  dstMac: told.srcMac,
});
