import { actions, ask, next } from './actions.ts';
import { type FlowSpec, flow } from './flow.ts';
import { bits, type Match, MULTICAST, noBits, UNICAST } from './match.ts';
import { refuse } from './refuse.ts';
import { FLAG, OWNER, REG } from './registers.ts';

/** Who may send what, and where address resolution goes: the part that is the same on every host. */
export function guardFlows(): FlowSpec[] {
  return [
    flow('classify', 0, {}, 'drop'),
    ...spoofFlows(),
    ...neighbourFlows(),
    ...trunkFlows(),
    ...resolveFlows(),
    flow('locate', 0, {}, LOCATE),
    ...addresseeFlows(),
    ...onLinkFlows(),
  ];
}

/** Where a frame's destination is, and whether the frame is for it. */
export const LOCATE = actions(ask('destination'), ask('moved'), next('addressee'));

/** What no vNIC may send, whatever its addresses: answers of a DHCP server or of a router. */
function spoofFlows(): FlowSpec[] {
  const guarded: Match[] = [
    { word: 'udp', tp_dst: 68 },
    { word: 'udp6', tp_dst: 546 },
    { word: 'icmp', icmp_type: 5 },
    { word: 'icmp6', icmp_type: 134 },
    { word: 'icmp6', icmp_type: 137 },
    { word: 'icmp6', icmp_type: 130 },
  ];
  return [
    ...guarded.map((match) => flow('spoof', 100, match, refuse('dhcp-ra-guard'))),
    ...['arp', 'rarp', 'ip', 'ipv6'].map((word) => flow('spoof', 1, { word }, refuse('anti-spoof'))),
    flow('spoof', 0, {}, refuse('not-ip')),
  ];
}

/** IPv6 whose source address is right: Neighbour Discovery (RFC 4861) and MLD (RFC 3810) still need a look inside. */
function neighbourFlows(): FlowSpec[] {
  return [
    ...[133, 131, 132, 143].map((icmp_type) => {
      const match = { word: 'icmp6', ipv6_dst: LINK_MULTICAST, icmp_type };
      return flow('neighbour', 10, match, next('uplink'));
    }),
    ...[135, 136].map((icmp_type) => flow('neighbour', 10, { word: 'icmp6', icmp_type }, refuse('anti-spoof'))),
    flow('neighbour', 0, {}, next('locate')),
  ];
}

/** Multicast that no router forwards (RFC 4291, 2.7); what else calls itself solicitation or report is judged. */
export const LINK_MULTICAST = 'ff02::/16';

/** Frames from the trunk. The network's router and DHCP server are out there; announcements of vNICs end here. */
function trunkFlows(): FlowSpec[] {
  return [
    flow('trunk', 50, { word: 'arp' }, next('resolve')),
    ...[130, 134, 135, 136].map((icmp_type) => flow('trunk', 50, { word: 'icmp6', icmp_type }, next('resolve'))),
    ...[131, 132, 133, 137, 143].map((icmp_type) => flow('trunk', 50, { word: 'icmp6', icmp_type }, 'drop')),
    flow('trunk', 50, { word: 'udp', tp_src: 67, tp_dst: 68 }, next('resolve')),
    flow('trunk', 50, { word: 'udp6', tp_src: 547, tp_dst: 546 }, next('resolve')),
    flow('trunk', 0, {}, next('locate')),
  ];
}

/** Address resolution: to the owner where it is known, to the trunk from here, to everyone only from outside. */
function resolveFlows(): FlowSpec[] {
  // What a DHCP server offers is not yet an address of the vNIC.
  const offers: Match[] = [
    { word: 'udp', tp_src: 67, tp_dst: 68 },
    { word: 'udp6', tp_src: 547, tp_dst: 546 },
  ];
  return [
    ...offers.map((offer) => flow('resolve', 75, { ...offer, dl_dst: UNICAST }, DELIVER)),
    flow('resolve', 70, { dl_dst: UNICAST }, next('locate')),
    flow('resolve', 60, { [REG.flags]: noBits(FLAG.trunk) }, next('uplink')),
    flow('resolve', 50, { word: 'icmp6', [REG.flags]: bits(FLAG.trunk), icmp_type: 135 }, 'drop'),
    flow('resolve', 0, {}, next('flood')),
  ];
}

/** To the port that has the frame's MAC address. */
export const DELIVER = actions(ask('destination'), ask('moved'), next('output'));

/**
 * A frame for a vNIC of this host carries a packet for that same vNIC. Otherwise two tenants could talk by MAC address
 * about somebody else's IP address, and the rules would judge the wrong end.
 */
function addresseeFlows(): FlowSpec[] {
  return [
    flow('addressee', 20, { dl_dst: MULTICAST }, next('conntrack')),
    flow('addressee', 20, { [REG.port]: 0 }, next('conntrack')),
    flow('addressee', 0, {}, refuse('anti-spoof')),
  ];
}

/** A vNIC's ND messages go to neighbours: a router would carry them anywhere else, past the rules. */
function onLinkFlows(): FlowSpec[] {
  return [
    flow('onLink', 20, { [REG.flags]: bits(FLAG.trunk) }, next('output')),
    flow('onLink', 10, { word: 'ipv6', ipv6_dst: 'fe80::/10' }, next('output')),
    flow('onLink', 5, { [REG.destination]: OWNER.outside }, refuse('default-deny')),
    flow('onLink', 0, {}, next('output')),
  ];
}
