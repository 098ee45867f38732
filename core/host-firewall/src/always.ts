/** IP protocol numbers (IANA). */
export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

/**
 * ICMP without which connections hang: unreachable (with "fragmentation needed", RFC 1191), time exceeded and parameter
 * problem.
 */
export const ALWAYS_ICMP: readonly number[] = [3, 11, 12];

/**
 * ICMPv6 that must not be dropped towards or from an interface (RFC 4890, 4.4.1), echo apart: errors, multicast listener
 * discovery, router and neighbour discovery, inverse and secure neighbour discovery, multicast router discovery.
 */
export const ALWAYS_ICMPV6: readonly number[] = [
  1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 141, 142, 143, 148, 149, 151, 152, 153,
];

/** How a host gets and keeps its own address: DHCP (RFC 2131, 4.1) and DHCPv6 (RFC 8415, 7.2). */
export const DHCP = [
  { family: 4, client: 68, server: 67 },
  { family: 6, client: 546, server: 547 },
] as const;
