import { type FlowSpec, flow } from './flow.ts';
import { MULTICAST } from './match.ts';
import { REG } from './registers.ts';

/** ICMP and ICMPv6 that ask something (RFC 792, RFC 4443): all the rest answers, or is an error, and is never answered. */
const ASKING = [
  { word: 'icmp', types: [8, 13, 15, 17] },
  { word: 'icmp6', types: [128] },
] as const;

/** More than an answer repeats of a packet: both headers with options. */
const ANSWERED_BYTES = 192;

/**
 * Denied packets of which the sender is to be told go to the engine, which answers. Only those that a vNIC of this host sent,
 * whose addresses have been checked as they came in: what comes over the trunk may bear anybody's address, and an answer
 * would hit him. With the engine away, nobody is handed anything and it stays a deny.
 */
export function rejectFlows(): FlowSpec[] {
  const answer = `CONTROLLER:${ANSWERED_BYTES}`;
  return [
    flow('reject', 50, { [REG.vnic]: 0 }, 'drop'),
    flow('reject', 40, { dl_dst: MULTICAST }, 'drop'),
    // 224.0.0.0/4 is multicast, 240.0.0.0/4 nobody's, with the broadcast address (RFC 1122, 3.2.2).
    flow('reject', 40, { word: 'ip', nw_dst: '224.0.0.0/3' }, 'drop'),
    flow('reject', 40, { word: 'ipv6', ipv6_dst: 'ff00::/8' }, 'drop'),
    // RFC 9293, 3.10.7.1: a reset is never answered.
    ...['tcp', 'tcp6'].map((word) => flow('reject', 30, { word, tcp_flags: '+rst' }, 'drop')),
    ...ASKING.flatMap(({ word, types }) => [
      ...types.map((icmp_type) => flow('reject', 30, { word, icmp_type }, answer)),
      flow('reject', 20, { word }, 'drop'),
    ]),
    ...['ip', 'ipv6'].map((word) => flow('reject', 10, { word }, answer)),
    flow('reject', 0, {}, 'drop'),
  ];
}
