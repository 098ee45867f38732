import { type Field, knownField } from './fields.ts';
import { type FieldMatch, type Match, registersOf } from './match.ts';
import { ethTypes, protocols } from './protocols.ts';
import { formatHex, formatValue, type Masked } from './values.ts';

/** The order in which ovs-ofctl prints fields (Open vSwitch lib/match.c, match_format), which is not that of the wire. */
const order = [
  'pkt_mark dp_hash conj_id ct_state ct_zone ct_mark ct_label ct_nw_src ct_ipv6_src ct_nw_dst ct_ipv6_dst ct_nw_proto',
  'ct_tp_src ct_tp_dst PROTOCOL REGISTERS tun_id tun_src tun_dst tun_ipv6_src tun_ipv6_dst metadata in_port_oxm VLAN',
  'eth_src eth_dst ETH_TYPE ipv6_src ipv6_dst ipv6_label ip_src ip_dst arp_spa arp_tpa IP_PROTO arp_op arp_sha arp_tha',
  'ip_dscp nw_ecn nw_ttl ip_frag icmp_type icmpv6_type icmp_code icmpv6_code nd_target nd_sll nd_tll',
  'tcp_src udp_src sctp_src tcp_dst udp_dst sctp_dst tcp_flags',
].flatMap((line) => line.split(' '));

const printedNames: Readonly<Record<string, string>> = {
  in_port_oxm: 'in_port',
  eth_src: 'dl_src',
  eth_dst: 'dl_dst',
  ip_src: 'nw_src',
  ip_dst: 'nw_dst',
  ip_frag: 'nw_frag',
  icmpv6_type: 'icmp_type',
  icmpv6_code: 'icmp_code',
  tcp_src: 'tp_src',
  udp_src: 'tp_src',
  sctp_src: 'tp_src',
  tcp_dst: 'tp_dst',
  udp_dst: 'tp_dst',
  sctp_dst: 'tp_dst',
};

/** These print values in decimal and hexadecimal when masked, other than in `set_field`. */
const portFields = new Set([
  'tcp_src',
  'tcp_dst',
  'udp_src',
  'udp_dst',
  'sctp_src',
  'sctp_dst',
  'ct_tp_src',
  'ct_tp_dst',
]);

const ethType = knownField('eth_type');
const nwProto = knownField('nw_proto');

/** Writes a match as `ovs-ofctl dump-flows` does, character for character. */
export function formatMatch(match: Match): string {
  const fields = new Map<string, FieldMatch>(match.map((entry) => [entry.field.name, entry]));
  const type = fields.get(ethType.name)?.value;
  const proto = fields.get(nwProto.name)?.value;
  const named = protocols.find((protocol) => protocol.ethType === type && protocol.ipProto === proto);
  const network = named ?? protocols.find((protocol) => protocol.ethType === type && protocol.ipProto === undefined);

  return order
    .flatMap((name): string[] => {
      switch (name) {
        case 'PROTOCOL':
          return network ? [network.word] : [];
        case 'REGISTERS':
          return match.filter(({ field }) => field.name.startsWith('xreg')).flatMap(formatRegisters);
        case 'VLAN':
          return formatVlan(fields.get('vlan_vid'), fields.get('vlan_pcp'));
        case 'ETH_TYPE':
          return network || type === undefined ? [] : [`dl_type=0x${type.toString(16).padStart(4, '0')}`];
        case 'IP_PROTO':
          return named || proto === undefined || isArp(type) ? [] : [`nw_proto=${proto}`];
        default: {
          const entry = fields.get(name);
          return entry ? [`${printedNames[name] ?? printName(name)}=${formatField(entry)}`] : [];
        }
      }
    })
    .join(',');
}

function printName(name: string): string {
  return name === 'ip_dscp' ? 'nw_tos' : name;
}

function formatField({ field, value, mask }: FieldMatch): string {
  if (field.name === 'ip_dscp') return String(value << 2n);
  if (field.name === 'ct_zone') return mask === field.full ? String(value) : masked(value, mask);
  if (field.name === 'ipv6_label') return formatLabel(field, { value, mask });
  if (portFields.has(field.name) && mask !== field.full) return `0x${value.toString(16)}/0x${mask.toString(16)}`;
  return formatValue(field, { value, mask });
}

function formatLabel(field: Field, { value, mask }: Masked): string {
  const hex = (bits: bigint): string => `0x${bits.toString(16).padStart(5, '0')}`;
  return mask === field.full ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

function formatRegisters(entry: FieldMatch): string[] {
  return registersOf(entry).map(({ number, value, mask }) => {
    return `reg${number}=${mask === 0xffff_ffffn ? formatHex(value) : masked(value, mask)}`;
  });
}

function masked(value: bigint, mask: bigint): string {
  return `${formatHex(value)}/${formatHex(mask)}`;
}

function formatVlan(vid: FieldMatch | undefined, pcp: FieldMatch | undefined): string[] {
  if (!vid) return [];
  const vidMask = vid.mask & 0xfffn;
  const isTagged = (vid.value & 0x1000n) !== 0n;
  if (isTagged && (vidMask === 0n || vidMask === 0xfffn) && (vidMask !== 0n || pcp)) {
    const id = vidMask === 0n ? [] : [`dl_vlan=${vid.value & 0xfffn}`];
    return pcp ? [...id, `dl_vlan_pcp=${pcp.value}`] : id;
  }
  const tci = vid.value | ((pcp?.value ?? 0n) << 13n);
  const tciMask = vid.mask | (pcp ? 0xe000n : 0n);
  const hex = (bits: bigint): string => `0x${bits.toString(16).padStart(4, '0')}`;
  return [tciMask === 0xffffn ? `vlan_tci=${hex(tci)}` : `vlan_tci=${hex(tci)}/${hex(tciMask)}`];
}

function isArp(type: bigint | undefined): boolean {
  return type === ethTypes.arp || type === ethTypes.rarp;
}
