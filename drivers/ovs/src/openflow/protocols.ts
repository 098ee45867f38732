/** A bare word of a match, such as `tcp`: the EtherType and IP protocol it stands for. */
export interface Protocol {
  readonly word: string;
  readonly ethType: bigint;
  readonly ipProto?: bigint;
}

export const ethTypes = { ip: 0x0800n, arp: 0x0806n, rarp: 0x8035n, ipv6: 0x86ddn } as const;
export const ipProtos = { icmp: 1n, tcp: 6n, udp: 17n, icmp6: 58n, sctp: 132n } as const;

const { ip, arp, rarp, ipv6 } = ethTypes;

export const protocols: readonly Protocol[] = [
  { word: 'icmp', ethType: ip, ipProto: ipProtos.icmp },
  { word: 'tcp', ethType: ip, ipProto: ipProtos.tcp },
  { word: 'udp', ethType: ip, ipProto: ipProtos.udp },
  { word: 'sctp', ethType: ip, ipProto: ipProtos.sctp },
  { word: 'icmp6', ethType: ipv6, ipProto: ipProtos.icmp6 },
  { word: 'tcp6', ethType: ipv6, ipProto: ipProtos.tcp },
  { word: 'udp6', ethType: ipv6, ipProto: ipProtos.udp },
  { word: 'sctp6', ethType: ipv6, ipProto: ipProtos.sctp },
  { word: 'ip', ethType: ip },
  { word: 'ipv6', ethType: ipv6 },
  { word: 'ip6', ethType: ipv6 },
  { word: 'arp', ethType: arp },
  { word: 'rarp', ethType: rarp },
];
