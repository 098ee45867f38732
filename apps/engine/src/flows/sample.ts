import type { FlowRecord as IpfixRecord } from '@hypervigil/ipfix';
import { decodeObservation, type Observation } from '@hypervigil/pipeline';
import { PROTOCOL } from '@hypervigil/policy';

/** One direction of a connection during one export interval, as the switch sampled it, or an exporter told. */
export interface Sample extends Observation {
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly srcMac: string;
  readonly dstMac: string;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  /** As far as its exporter tells; Open vSwitch tells none by IPFIX. */
  readonly tcpFlags?: number;
  readonly bytes: number;
  readonly packets: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Undefined for what is not a sample of our pipeline, or of no IP packet. */
export function toSample(record: IpfixRecord): Sample | undefined {
  const observation = decodeObservation(record.domain, record.pointId);
  if (!observation || record.ipVersion === 0) return undefined;
  const { protocol } = record;
  const isIcmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  return {
    verdict: observation.verdict,
    direction: observation.direction,
    point: observation.point,
    ruleNum: observation.ruleNum,
    about: observation.about,
    protocol,
    srcIp: record.srcAddr,
    dstIp: record.dstAddr,
    srcPort: isIcmp ? 0 : record.srcPort,
    dstPort: isIcmp ? 0 : record.dstPort,
    srcMac: record.srcMac,
    dstMac: record.dstMac,
    icmpType: isIcmp && record.icmpType >= 0 ? record.icmpType : null,
    icmpCode: isIcmp && record.icmpCode >= 0 ? record.icmpCode : null,
    bytes: record.bytes || record.layer2Bytes,
    packets: record.packets,
    startMs: record.startMs,
    endMs: Math.max(record.startMs, record.endMs),
  };
}
