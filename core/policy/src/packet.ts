/** A packet as policy sees it: on which network, between which addresses, for which service. */
export interface Packet {
  /** Network number (`IntentNetwork.num`). */
  readonly network: number;
  readonly src: string;
  readonly dst: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** Destination port of TCP, UDP and SCTP. */
  readonly port?: number;
  /** Type and code of ICMP and ICMPv6. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;
