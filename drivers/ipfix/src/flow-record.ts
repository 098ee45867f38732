/**
 * One flow as its exporter described it. Numbers that a template lacks are 0, addresses and times likewise.
 *
 * A decoder fills the same record again and again: it is valid inside the callback only; {@link FlowRecord.clone} it
 * to keep it. Addresses are kept as four 32-bit words, most significant first, IPv4 in its mapped form
 * (`0, 0, 0xffff, address`); text is made when asked for.
 */
export class FlowRecord {
  /** Who sent it: what the caller of `decode` said. */
  exporter = '';
  /** Observation domain. */
  domain = 0;
  /** Observation point; the product's switches put the rule's number here. */
  pointId = 0;
  /** 4 or 6; 0 when the frame was not IP. */
  ipVersion = 0;
  etherType = 0;
  protocol = 0;
  src0 = 0;
  src1 = 0;
  src2 = 0;
  src3 = 0;
  dst0 = 0;
  dst1 = 0;
  dst2 = 0;
  dst3 = 0;
  srcPort = 0;
  dstPort = 0;
  /** −1 when the template has no ICMP fields. */
  icmpType = -1;
  icmpCode = -1;
  /** 48 bits; see {@link FlowRecord.srcMac}. */
  srcMacNumber = 0;
  dstMacNumber = 0;
  /** 0 untagged. */
  vlan = 0;
  ingressInterface = 0;
  egressInterface = 0;
  /** 0 ingress, 1 egress (IANA flowDirection). */
  direction = 0;
  /** Octets of IP; of frames when the exporter counts only those. Exact up to 2⁵³. */
  bytes = 0;
  packets = 0;
  layer2Bytes = 0;
  /** Of the reverse direction, where the exporter has both in one record (RFC 5103). */
  replyBytes = 0;
  replyPackets = 0;
  /**
   * FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, as in the TCP header. Always 0 from Open vSwitch, which sends no
   * flags; its tcpSynTotalCount and the like count over the whole exporter, not the flow.
   */
  tcpFlags = 0;
  replyTcpFlags = 0;
  /** Milliseconds since 1970. The export time when the template has no time. */
  startMs = 0;
  endMs = 0;
  /** IANA flowEndReason: 1 idle, 2 active timeout, 3 end of flow, 4 forced, 5 lack of resources. */
  endReason = 0;

  get srcAddr(): string {
    return addressText(this.src0, this.src1, this.src2, this.src3, this.ipVersion);
  }

  get dstAddr(): string {
    return addressText(this.dst0, this.dst1, this.dst2, this.dst3, this.ipVersion);
  }

  get srcMac(): string {
    return macText(this.srcMacNumber);
  }

  get dstMac(): string {
    return macText(this.dstMacNumber);
  }

  clone(): FlowRecord {
    return Object.assign(new FlowRecord(), this);
  }
}

/** RFC 5952 text; empty when the record is not of IP. */
function addressText(a: number, b: number, c: number, d: number, version: number): string {
  if (version === 4) return `${d >>> 24}.${(d >>> 16) & 255}.${(d >>> 8) & 255}.${d & 255}`;
  if (version !== 6) return '';
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff];
  const { from, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 };
  let from = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) from = index + 1;
    else if (index + 1 - from > best.length) best = { from, length: index + 1 - from };
  }
  return best;
}

function macText(value: number): string {
  const hex = value.toString(16).padStart(12, '0');
  return hex.replace(/..(?=.)/g, '$&:');
}
