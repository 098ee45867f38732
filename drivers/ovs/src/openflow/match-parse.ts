import { OvsError } from '../errors.ts';
import { type Field, fieldNamed, knownField } from './fields.ts';
import { type Match, MatchBuilder } from './match.ts';
import { ethTypes, ipProtos, protocols } from './protocols.ts';
import { parseValue } from './values.ts';

const ethType = knownField('eth_type');
const nwProto = knownField('nw_proto');
const vlanVid = knownField('vlan_vid');
const vlanPcp = knownField('vlan_pcp');
const vlanTci = knownField('vlan_tci');
const wordProtocols = new Map(protocols.map((protocol) => [protocol.word, protocol]));

/** OXM_OF_VLAN_VID: this bit says that there is a tag at all (OpenFlow 1.5.1, 7.2.3.8). */
const vlanPresent = 0x1000n;
const vidBits = 0x1fffn;

/** Names that stand for another field, depending on the protocol that the match names. */
const byProtocol: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  tp_src: { tcp: 'tcp_src', udp: 'udp_src', sctp: 'sctp_src', icmp: 'icmp_type', icmp6: 'icmpv6_type' },
  tp_dst: { tcp: 'tcp_dst', udp: 'udp_dst', sctp: 'sctp_dst', icmp: 'icmp_code', icmp6: 'icmpv6_code' },
  icmp_type: { icmp: 'icmp_type', icmp6: 'icmpv6_type' },
  icmp_code: { icmp: 'icmp_code', icmp6: 'icmpv6_code' },
};

/**
 * Reads a match as ovs-ofctl(8) writes it, such as `reg6=0x64,tcp,nw_src=10.0.0.0/24,tp_dst=80`.
 * Throws `unknown-field` or `bad-value`, which name the piece.
 */
export function parseMatch(text: string): Match {
  const builder = new MatchBuilder();
  const later: [name: string, value: string][] = [];
  for (const piece of text.split(/[,\s]+/)) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const [name, value] = equals < 0 ? [piece, undefined] : [piece.slice(0, equals), piece.slice(equals + 1)];
    if (value === undefined) addProtocol(builder, name);
    else if (name in byProtocol) later.push([name, value]);
    else addField(builder, name, value);
  }
  for (const [name, value] of later) {
    const field = transportField(builder, name);
    builder.add(field, parseValue(field, value));
  }
  return builder.build();
}

function addProtocol(builder: MatchBuilder, word: string): void {
  const protocol = wordProtocols.get(word);
  if (!protocol) throw unknownField(word);
  builder.add(ethType, { value: protocol.ethType, mask: ethType.full });
  if (protocol.ipProto !== undefined) builder.add(nwProto, { value: protocol.ipProto, mask: nwProto.full });
}

function addField(builder: MatchBuilder, name: string, text: string): void {
  switch (name) {
    case 'dl_vlan':
      // 0xffff: untagged only.
      if (Number(text) === 0xffff) builder.add(vlanVid, { value: 0n, mask: vidBits });
      else builder.add(vlanVid, { value: parseValue(vlanVid, text).value | vlanPresent, mask: vidBits });
      return;
    case 'dl_vlan_pcp':
    case 'vlan_pcp':
      builder.add(vlanVid, { value: vlanPresent, mask: vlanPresent });
      builder.add(vlanPcp, parseValue(vlanPcp, text));
      return;
    case 'vlan_tci': {
      const { value, mask } = parseValue(vlanTci, text);
      builder.add(vlanVid, { value: value & vidBits, mask: mask & vidBits });
      // Without a tag there is no priority to match.
      if ((value & vidBits) !== 0n) builder.add(vlanPcp, { value: value >> 13n, mask: mask >> 13n === 0n ? 0n : 7n });
      return;
    }
    case 'nw_tos': {
      const { value } = parseValue({ ...knownField('ip_dscp'), bits: 8, full: 0xffn }, text);
      builder.add(knownField('ip_dscp'), { value: value >> 2n, mask: 0x3fn });
      return;
    }
    case 'in_port':
      builder.add(knownField('in_port_oxm'), parseValue(knownField('in_port_oxm'), text));
      return;
    default: {
      const field = fieldNamed(name);
      if (!field) throw unknownField(name);
      builder.add(field, parseValue(field, text));
    }
  }
}

function transportField(builder: MatchBuilder, name: string): Field {
  const [type, proto] = [builder.get(ethType)?.value, builder.get(nwProto)?.value];
  const isIp = type === ethTypes.ip || type === ethTypes.ipv6;
  const protocol = isIp ? Object.entries(ipProtos).find(([, number]) => number === proto)?.[0] : undefined;
  const actual = protocol === undefined ? undefined : byProtocol[name]?.[protocol];
  if (actual === undefined) {
    throw new OvsError('bad-value', `${name} needs a protocol in the match, such as tcp, udp6 or icmp.`, {
      details: { field: name },
    });
  }
  return knownField(actual);
}

function unknownField(name: string): OvsError {
  return new OvsError('unknown-field', `This driver does not know the match field ${name}.`, {
    details: { field: name },
  });
}
