import { SLOT, SLOT_COUNT } from './slots.ts';
import { addressText, macText } from './text.ts';

/** What a template tells of all its records, which a row of numbers does not. */
export interface RecordShape {
  readonly hasIpv4: boolean;
  readonly hasIpv6: boolean;
  readonly hasIcmp: boolean;
}

/**
 * One flow as its exporter described it. Numbers that a template lacks are 0.
 *
 * It is a window on a row of numbers. A decoder moves the same window along its rows: it is valid inside the callback
 * only; {@link FlowRecord.clone} it to keep it. Addresses are four 32-bit words, most significant first, IPv4 in its
 * mapped form (`0, 0, 0xffff, address`); text is made when asked for.
 */
export class FlowRecord {
  /** Who sent it: what the caller of `decode` said. */
  exporter = '';
  /** Observation domain. */
  domain = 0;
  /** Where the row begins. For the decoder. */
  row = 0;
  shape: RecordShape = { hasIpv4: false, hasIpv6: false, hasIcmp: false };
  readonly #values: Float64Array;

  constructor(values: Float64Array) {
    this.#values = values;
  }

  /** Observation point; the product's switches put the rule's number here. */
  get pointId(): number {
    return this.#values[this.row + SLOT.pointId]!;
  }

  /** 4 or 6; 0 when the frame was not IP. */
  get ipVersion(): 0 | 4 | 6 {
    const { hasIpv4, hasIpv6 } = this.shape;
    // A template with room for both says in its own field which one counts.
    if (hasIpv4 && hasIpv6) return this.#values[this.row + SLOT.ipVersion] === 6 ? 6 : 4;
    if (hasIpv6) return 6;
    return hasIpv4 ? 4 : 0;
  }

  get etherType(): number {
    return this.#values[this.row + SLOT.etherType]!;
  }

  get protocol(): number {
    return this.#values[this.row + SLOT.protocol]!;
  }

  get src0(): number {
    return this.#word(SLOT.srcIpv6, SLOT.srcIpv4, 0);
  }

  get src1(): number {
    return this.#word(SLOT.srcIpv6, SLOT.srcIpv4, 1);
  }

  get src2(): number {
    return this.#word(SLOT.srcIpv6, SLOT.srcIpv4, 2);
  }

  get src3(): number {
    return this.#word(SLOT.srcIpv6, SLOT.srcIpv4, 3);
  }

  get dst0(): number {
    return this.#word(SLOT.dstIpv6, SLOT.dstIpv4, 0);
  }

  get dst1(): number {
    return this.#word(SLOT.dstIpv6, SLOT.dstIpv4, 1);
  }

  get dst2(): number {
    return this.#word(SLOT.dstIpv6, SLOT.dstIpv4, 2);
  }

  get dst3(): number {
    return this.#word(SLOT.dstIpv6, SLOT.dstIpv4, 3);
  }

  /** RFC 5952 text; empty when the frame was not IP. */
  get srcAddr(): string {
    return addressText(this.ipVersion, this.src0, this.src1, this.src2, this.src3);
  }

  get dstAddr(): string {
    return addressText(this.ipVersion, this.dst0, this.dst1, this.dst2, this.dst3);
  }

  get srcPort(): number {
    return this.#values[this.row + SLOT.srcPort]!;
  }

  get dstPort(): number {
    return this.#values[this.row + SLOT.dstPort]!;
  }

  /** −1 when the template has no ICMP fields. */
  get icmpType(): number {
    return this.shape.hasIcmp ? this.#values[this.row + SLOT.icmpType]! : -1;
  }

  get icmpCode(): number {
    return this.shape.hasIcmp ? this.#values[this.row + SLOT.icmpCode]! : -1;
  }

  /** 48 bits. */
  get srcMacNumber(): number {
    return this.#values[this.row + SLOT.srcMac]!;
  }

  get dstMacNumber(): number {
    return this.#values[this.row + SLOT.dstMac]!;
  }

  /** `52:54:00:12:34:56` */
  get srcMac(): string {
    return macText(this.srcMacNumber);
  }

  get dstMac(): string {
    return macText(this.dstMacNumber);
  }

  /** 0 untagged. */
  get vlan(): number {
    return this.#values[this.row + SLOT.vlan]! & 0xfff;
  }

  get ingressInterface(): number {
    return this.#values[this.row + SLOT.ingress]!;
  }

  get egressInterface(): number {
    return this.#values[this.row + SLOT.egress]!;
  }

  /** 0 ingress, 1 egress (IANA flowDirection). */
  get direction(): number {
    return this.#values[this.row + SLOT.direction]!;
  }

  /** Octets of IP; of frames when the exporter counts only those. Exact up to 2⁵³. */
  get bytes(): number {
    return this.#values[this.row + SLOT.bytes]!;
  }

  get packets(): number {
    return this.#values[this.row + SLOT.packets]!;
  }

  get layer2Bytes(): number {
    return this.#values[this.row + SLOT.layer2Bytes]!;
  }

  /** Of the reverse direction, where the exporter has both in one record (RFC 5103). */
  get replyBytes(): number {
    return this.#values[this.row + SLOT.replyBytes]!;
  }

  get replyPackets(): number {
    return this.#values[this.row + SLOT.replyPackets]!;
  }

  /**
   * FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, as in the TCP header. Always 0 from Open vSwitch, which sends no
   * flags; its tcpSynTotalCount and the like count over the whole exporter, not the flow.
   */
  get tcpFlags(): number {
    return this.#values[this.row + SLOT.tcpFlags]!;
  }

  get replyTcpFlags(): number {
    return this.#values[this.row + SLOT.replyTcpFlags]!;
  }

  /** Milliseconds since 1970. The export time when the template has no time. */
  get startMs(): number {
    return this.#values[this.row + SLOT.start]!;
  }

  get endMs(): number {
    return this.#values[this.row + SLOT.end]!;
  }

  /** IANA flowEndReason: 1 idle, 2 active timeout, 3 end of flow, 4 forced, 5 lack of resources. */
  get endReason(): number {
    return this.#values[this.row + SLOT.endReason]!;
  }

  /** A copy to keep: a window on a row of its own. */
  clone(): FlowRecord {
    const copy = new FlowRecord(this.#values.slice(this.row, this.row + SLOT_COUNT));
    copy.exporter = this.exporter;
    copy.domain = this.domain;
    copy.shape = this.shape;
    return copy;
  }

  #word(ipv6: number, ipv4: number, index: number): number {
    const version = this.ipVersion;
    if (version === 6) return this.#values[this.row + ipv6 + index]!;
    if (version === 0 || index < 2) return 0;
    return index === 2 ? 0xffff : this.#values[this.row + ipv4]!;
  }
}
