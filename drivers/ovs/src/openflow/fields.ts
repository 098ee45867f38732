/**
 * The packet and metadata fields that the product's flows name: their text names (ovs-fields(7)), their OXM and NXM
 * numbers (OpenFlow 1.5.1, 7.2.3.7; Open vSwitch include/openvswitch/meta-flow.h) and how their values are written.
 */

type FieldFormat =
  | 'decimal'
  | 'hex'
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  | 'ct-state'
  | 'tcp-flags'
  | 'fragment'
  | 'port'
  | 'port32';

export interface Field {
  readonly name: string;
  readonly format: FieldFormat;
  readonly bits: number;
  /** Bytes on the wire. */
  readonly bytes: number;
  /** All `bits` set. */
  readonly full: bigint;
  /** `class << 7 | field` as sent in OpenFlow 1.5: the OXM number if there is one, else the NXM number. */
  readonly code: number;
  /** The number in Nicira's own actions, which predate OXM: the NXM number if there is one. */
  readonly legacyCode: number;
  /** The name in `load` and `move`, such as `NXM_NX_REG0`. */
  readonly wireName: string;
  /** Position in a match, which also puts each field behind its prerequisites. */
  readonly rank: number;
}

type Wire = readonly [name: string, oxmClass: number, field: number];
type Definition = readonly [names: string, bits: number, format: FieldFormat, nxm: Wire | undefined, oxm?: Wire];

const nx = (name: string, field: number): Wire => [`NXM_NX_${name}`, 1, field];
const of10 = (name: string, field: number): Wire => [`NXM_OF_${name}`, 0, field];
const oxm = (name: string, field: number): Wire => [`OXM_OF_${name}`, 0x8000, field];
const packetRegister = (index: number): Wire => [`OXM_OF_PKT_REG${index}`, 0x8001, index];
const each = (count: number, define: (index: number) => Definition): Definition[] =>
  Array.from({ length: count }, (_, i) => define(i));

/** In the order of Open vSwitch's own matches (lib/nx-match.c, nx_put_raw). */
const definitions: readonly Definition[] = [
  ['dp_hash', 32, 'hex', nx('DP_HASH', 35)],
  ['conj_id', 32, 'decimal', nx('CONJ_ID', 37)],
  ['in_port_oxm', 32, 'port32', undefined, oxm('IN_PORT', 0)],
  ['in_port', 16, 'port', of10('IN_PORT', 0)],
  ['eth_src dl_src', 48, 'mac', of10('ETH_SRC', 2), oxm('ETH_SRC', 4)],
  ['eth_dst dl_dst', 48, 'mac', of10('ETH_DST', 1), oxm('ETH_DST', 3)],
  ['eth_type dl_type', 16, 'hex', of10('ETH_TYPE', 3), oxm('ETH_TYPE', 5)],
  ['vlan_tci', 16, 'hex', of10('VLAN_TCI', 4)],
  ['vlan_vid', 13, 'decimal', undefined, oxm('VLAN_VID', 6)],
  ['vlan_pcp', 3, 'decimal', undefined, oxm('VLAN_PCP', 7)],
  ['ip_src nw_src', 32, 'ipv4', of10('IP_SRC', 7), oxm('IPV4_SRC', 11)],
  ['ip_dst nw_dst', 32, 'ipv4', of10('IP_DST', 8), oxm('IPV4_DST', 12)],
  ['ipv6_src', 128, 'ipv6', nx('IPV6_SRC', 19), oxm('IPV6_SRC', 26)],
  ['ipv6_dst', 128, 'ipv6', nx('IPV6_DST', 20), oxm('IPV6_DST', 27)],
  ['ip_frag nw_frag', 2, 'fragment', nx('IP_FRAG', 26)],
  ['ip_dscp', 6, 'decimal', undefined, oxm('IP_DSCP', 8)],
  ['nw_ecn ip_ecn', 2, 'decimal', nx('IP_ECN', 28), oxm('IP_ECN', 9)],
  ['nw_ttl', 8, 'decimal', nx('IP_TTL', 29)],
  ['ipv6_label', 20, 'hex', nx('IPV6_LABEL', 27), oxm('IPV6_FLABEL', 28)],
  ['nw_proto ip_proto', 8, 'decimal', of10('IP_PROTO', 6), oxm('IP_PROTO', 10)],
  ['tcp_src', 16, 'decimal', of10('TCP_SRC', 9), oxm('TCP_SRC', 13)],
  ['tcp_dst', 16, 'decimal', of10('TCP_DST', 10), oxm('TCP_DST', 14)],
  ['tcp_flags', 12, 'tcp-flags', nx('TCP_FLAGS', 34), oxm('TCP_FLAGS', 42)],
  ['udp_src', 16, 'decimal', of10('UDP_SRC', 11), oxm('UDP_SRC', 15)],
  ['udp_dst', 16, 'decimal', of10('UDP_DST', 12), oxm('UDP_DST', 16)],
  ['sctp_src', 16, 'decimal', undefined, oxm('SCTP_SRC', 17)],
  ['sctp_dst', 16, 'decimal', undefined, oxm('SCTP_DST', 18)],
  ['icmp_type', 8, 'decimal', of10('ICMP_TYPE', 13), oxm('ICMPV4_TYPE', 19)],
  ['icmp_code', 8, 'decimal', of10('ICMP_CODE', 14), oxm('ICMPV4_CODE', 20)],
  ['icmpv6_type', 8, 'decimal', nx('ICMPV6_TYPE', 21), oxm('ICMPV6_TYPE', 29)],
  ['icmpv6_code', 8, 'decimal', nx('ICMPV6_CODE', 22), oxm('ICMPV6_CODE', 30)],
  ['nd_target', 128, 'ipv6', nx('ND_TARGET', 23), oxm('IPV6_ND_TARGET', 31)],
  ['nd_sll', 48, 'mac', nx('ND_SLL', 24), oxm('IPV6_ND_SLL', 32)],
  ['nd_tll', 48, 'mac', nx('ND_TLL', 25), oxm('IPV6_ND_TLL', 33)],
  ['arp_op', 16, 'decimal', of10('ARP_OP', 15), oxm('ARP_OP', 21)],
  ['arp_spa', 32, 'ipv4', of10('ARP_SPA', 16), oxm('ARP_SPA', 22)],
  ['arp_tpa', 32, 'ipv4', of10('ARP_TPA', 17), oxm('ARP_TPA', 23)],
  ['arp_sha', 48, 'mac', nx('ARP_SHA', 17), oxm('ARP_SHA', 24)],
  ['arp_tha', 48, 'mac', nx('ARP_THA', 18), oxm('ARP_THA', 25)],
  ['tun_id tunnel_id', 64, 'hex', nx('TUN_ID', 16), oxm('TUNNEL_ID', 38)],
  ['tun_src', 32, 'ipv4', nx('TUN_IPV4_SRC', 31)],
  ['tun_dst', 32, 'ipv4', nx('TUN_IPV4_DST', 32)],
  ['tun_ipv6_src', 128, 'ipv6', nx('TUN_IPV6_SRC', 109)],
  ['tun_ipv6_dst', 128, 'ipv6', nx('TUN_IPV6_DST', 110)],
  ...each(8, (i) => [`xreg${i}`, 64, 'hex', undefined, packetRegister(i)]),
  ...each(16, (i) => [`reg${i}`, 32, 'hex', nx(`REG${i}`, i)]),
  ...each(4, (i) => [`xxreg${i}`, 128, 'hex', nx(`XXREG${i}`, 111 + i)]),
  ['pkt_mark', 32, 'hex', nx('PKT_MARK', 33)],
  ['ct_state', 32, 'ct-state', nx('CT_STATE', 105)],
  ['ct_zone', 16, 'hex', nx('CT_ZONE', 106)],
  ['ct_mark', 32, 'hex', nx('CT_MARK', 107)],
  ['ct_label', 128, 'hex', nx('CT_LABEL', 108)],
  ['ct_nw_src', 32, 'ipv4', nx('CT_NW_SRC', 120)],
  ['ct_ipv6_src', 128, 'ipv6', nx('CT_IPV6_SRC', 122)],
  ['ct_nw_dst', 32, 'ipv4', nx('CT_NW_DST', 121)],
  ['ct_ipv6_dst', 128, 'ipv6', nx('CT_IPV6_DST', 123)],
  ['ct_nw_proto', 8, 'decimal', nx('CT_NW_PROTO', 119)],
  ['ct_tp_src', 16, 'decimal', nx('CT_TP_SRC', 124)],
  ['ct_tp_dst', 16, 'decimal', nx('CT_TP_DST', 125)],
  ['metadata', 64, 'hex', undefined, oxm('METADATA', 2)],
];

const byName = new Map<string, Field>();
const byCode = new Map<number, Field>();

const codeOf = ([, oxmClass, field]: Wire): number => (oxmClass << 7) | field;

definitions.forEach(([names, bits, format, nxm, standard], rank) => {
  const [name = '', ...aliases] = names.split(' ');
  const [preferred, legacy] = [standard ?? nxm!, nxm ?? standard!];
  const field: Field = Object.freeze({
    name,
    format,
    bits,
    bytes: Math.ceil(bits / 8) === 3 ? 4 : Math.ceil(bits / 8),
    full: (1n << BigInt(bits)) - 1n,
    code: codeOf(preferred),
    legacyCode: codeOf(legacy),
    wireName: legacy[0],
    rank,
  });
  for (const known of [name, ...aliases, legacy[0], preferred[0]]) byName.set(known, field);
  for (const code of [field.code, field.legacyCode]) byCode.set(code, field);
});

/** By any of its names: `nw_src`, `ip_src`, `NXM_OF_IP_SRC`, `OXM_OF_IPV4_SRC`. */
export function fieldNamed(name: string): Field | undefined {
  return byName.get(name);
}

/** By the upper 23 bits of an OXM header. */
export function fieldCoded(code: number): Field | undefined {
  return byCode.get(code);
}

/** For names written in this program. */
export function knownField(name: string): Field {
  const field = byName.get(name);
  if (field === undefined) throw new RangeError(`no field ${name}`);
  return field;
}
