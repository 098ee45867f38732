import type { PacketSample } from '@hypervigil/sflow';
import type { Told } from './told.ts';

/** What a sampled packet tells of all for which it stands. Agents do not say when it came: about now. */
export function toldBySample({ packet, rate }: PacketSample, nowMs: number): Told {
  return {
    protocol: packet.protocol,
    srcIp: packet.srcIp,
    dstIp: packet.dstIp,
    srcPort: packet.srcPort,
    dstPort: packet.dstPort,
    srcMac: packet.srcMac ?? '',
    dstMac: packet.dstMac ?? '',
    icmpType: packet.icmpType,
    icmpCode: packet.icmpCode,
    vlan: packet.vlan,
    tcpFlags: packet.tcpFlags,
    bytes: packet.bytes * rate,
    packets: rate,
    startMs: nowMs,
    endMs: nowMs,
    isEstimated: rate > 1,
  };
}
