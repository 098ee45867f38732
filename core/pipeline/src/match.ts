/** The order in which Open vSwitch prints fields (lib/match.c, match_format), so that our text is also the switch's. */
const ORDER = [
  'conj_id',
  'ct_state',
  'ct_mark',
  'ct_label',
  'ct_nw_src',
  'ct_ipv6_src',
  'ct_nw_dst',
  'ct_ipv6_dst',
  'word',
  ...Array.from({ length: 16 }, (_, i) => `reg${i}` as `reg${number}`),
  'metadata',
  'in_port',
  'dl_vlan',
  'vlan_tci',
  'dl_src',
  'dl_dst',
  'dl_type',
  'ipv6_src',
  'ipv6_dst',
  'nw_src',
  'nw_dst',
  'arp_spa',
  'arp_tpa',
  'nw_proto',
  'arp_op',
  'arp_sha',
  'nw_frag',
  'icmp_type',
  'icmp_code',
  'nd_target',
  'nd_sll',
  'nd_tll',
  'tp_src',
  'tp_dst',
  'tcp_flags',
] as const;

/** Fields of a match. `word` is a bare protocol such as `tcp6`. Numbers of registers are written in hexadecimal. */
export type Match = { readonly [Field in (typeof ORDER)[number]]?: string | number | undefined };

const RANK = Object.fromEntries(ORDER.map((field, rank) => [field, rank])) as Record<keyof Match, number>;

export function matchText(match: Match): string {
  // Of many fields a match has few: they are put in order, instead of looking for each.
  const fields = (Object.keys(match) as (keyof Match)[]).sort((a, b) => RANK[a]! - RANK[b]!);
  let text = '';
  for (const field of fields) {
    const value = match[field];
    if (value === undefined) continue;
    const isHex = typeof value === 'number' && (field.startsWith('reg') || field === 'metadata');
    text += `${text && ','}${field === 'word' ? '' : `${field}=`}${isHex ? hex(value) : value}`;
  }
  return text;
}

/** As C's `%#x`: zero has no prefix. */
export const hex = (value: number | bigint): string => (value === 0 || value === 0n ? '0' : `0x${value.toString(16)}`);

export const masked = (value: number | bigint, mask: number | bigint): string => `${hex(value)}/${hex(mask)}`;

/** Whether bits of a register are set or clear. */
export const bits = (mask: number | bigint): string => masked(mask, mask);
export const noBits = (mask: number): string => masked(0, mask);

export const UNICAST = '00:00:00:00:00:00/01:00:00:00:00:00';
export const MULTICAST = '01:00:00:00:00:00/01:00:00:00:00:00';
export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
/** IPv6 over Ethernet (RFC 2464, 7). */
export const MULTICAST_V6 = '33:33:00:00:00:00/ff:ff:00:00:00:00';
export const UNTAGGED = '0x0000/0x1fff';

/** The bare word of an IP protocol, or `ip`/`ipv6` with `nw_proto`. */
export function protocolMatch(family: 4 | 6, protocol: number): Match {
  const word = family === 4 ? WORDS_V4.get(protocol) : WORDS_V6.get(protocol);
  return word ? { word } : { word: family === 4 ? 'ip' : 'ipv6', nw_proto: protocol };
}

const WORDS_V4 = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);
const WORDS_V6 = new Map([
  [6, 'tcp6'],
  [17, 'udp6'],
  [58, 'icmp6'],
  [132, 'sctp6'],
]);

/** The fewest masked values that are exactly the ports from `first` to `last`; `undefined` is every port. */
export function portMatches(first: number, last: number): (string | number | undefined)[] {
  const matches: (string | number | undefined)[] = [];
  for (let port = first; port <= last; ) {
    let size = port === 0 ? 0x1_0000 : port & -port;
    while (port + size - 1 > last) size /= 2;
    if (size === 0x1_0000) matches.push(undefined);
    else matches.push(size === 1 ? port : `0x${port.toString(16)}/0x${(0x1_0000 - size).toString(16)}`);
    port += size;
  }
  return matches;
}
