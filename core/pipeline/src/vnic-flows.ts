import type { IntentVnic, MirrorNum } from '@hypervigil/model';
import { linkLocal } from '@hypervigil/policy';
import { actions, next, set, setBits, wide } from './actions.ts';
import { ipv6Of } from './address-flows.ts';
import { cookie, type FlowKey, type FlowSpec, flow } from './flow.ts';
import { returnedFlow } from './gateway-flows.ts';
import { LINK_MULTICAST } from './guard-flows.ts';
import { meter } from './limit-flows.ts';
import { hex, type Match, MULTICAST_V6, matchText, UNTAGGED } from './match.ts';
import { arrivalFlows, copyTo } from './mirror-flows.ts';
import { refuse } from './refuse.ts';
import { FLAG, REG } from './registers.ts';
import { TABLES } from './tables.ts';

/** A vNIC's port on this host. */
export interface LocalPort {
  readonly ofport: number;
  /** `IntentVnic.num` */
  readonly vnicNum: number;
  /**
   * False while the vNIC's VM is only expected here (the target of a live migration): nothing is delivered to the port
   * until its first frame.
   */
  readonly active: boolean;
}

/** How long the switch believes what it saw of a migration, in seconds; the engine has told it better by then. */
const MOVED_TIMEOUT = 60;

/**
 * A vNIC that has ports on this host.
 * @param metered what it sends passes its meter first
 */
export function localVnicFlows(
  vnic: IntentVnic,
  ports: readonly LocalPort[],
  carryOver: boolean,
  metered: boolean,
  mirrors: readonly MirrorNum[],
): FlowSpec[] {
  return [
    ...ports.flatMap((port) => portFlows(vnic, port, carryOver, metered, mirrors)),
    ...(vnic.quarantined ? ports.map((port) => undeliveredFlow(vnic, port)) : []),
    ...ownSourceFlows(vnic),
    ...neighbourOwnFlows(vnic),
    ...errorFlows(vnic),
    ...announcementFlows(vnic),
  ];
}

/** Where frames for a vNIC that has ports on this host go, who gets copies, and how it is noticed that it has left. */
export function deliveryFlows(
  vnic: IntentVnic,
  ports: readonly LocalPort[],
  carryOver: boolean,
  mirrors: readonly MirrorNum[],
): FlowSpec[] {
  const here = ports.some((port) => port.active);
  return [
    ...destinationFlows(vnic, ports, carryOver),
    ...addresseeFlows(vnic),
    ...(here ? arrivalFlows(vnic, mirrors) : []),
    ...(here ? departureFlows(vnic) : []),
    ...(ports.length > 0 ? [returnedFlow(vnic.network, vnic.mac, cookie('vnic', vnic.num))] : []),
  ];
}

function portFlows(
  vnic: IntentVnic,
  { ofport, active }: LocalPort,
  carryOver: boolean,
  metered: boolean,
  mirrors: readonly MirrorNum[],
): FlowSpec[] {
  const { num, network, mac } = vnic;
  const owner = cookie('vnic', num);
  const enter = actions(
    metered && meter('bandwidthOut', num),
    carryOver && setBits(REG.flags, FLAG.carryOver),
    set(REG.vnic, num),
    set(REG.network, network),
    copyTo(mirrors),
    // Whatever it is: address resolution, DHCP and multicast are asked about nowhere else.
    vnic.quarantined ? refuse('quarantine') : next('spoof'),
  );
  const tagged = refuse('not-ip');
  const arrival = { in_port: ofport, vlan_tci: UNTAGGED };
  return [
    flow('classify', 100, arrival, enter, owner),
    flow('classify', 80, { in_port: ofport }, tagged, owner),
    // A frame from the port is proof that the VM now runs here, whatever kind of announcement it is.
    ...(active ? [] : [flow('classify', 110, { ...arrival, dl_src: mac }, actions(learn(vnic, HERE), enter), owner)]),
  ];
}

/** What nobody judges ends here: answers and questions about addresses, offers of a DHCP server, ICMP errors. */
const undeliveredFlow = ({ num }: IntentVnic, { ofport }: LocalPort): FlowSpec =>
  flow('output', 25, { [REG.port]: ofport }, 'drop', cookie('vnic', num));

/** Where a MAC address is: at the port that the frame at hand came from, or behind the trunk. */
const HERE = 'NXM_OF_IN_PORT[]';
const AWAY = '0';

const MOVED_PRIORITY = 10;

type Station = Pick<IntentVnic, 'network' | 'mac'>;

/** Writes into `moved` where a MAC address is, until the engine has said so or {@link MOVED_TIMEOUT} has passed. */
function learn({ network, mac }: Station, port: typeof HERE | typeof AWAY): string {
  const what = `table=${TABLES.moved},hard_timeout=${MOVED_TIMEOUT},priority=${MOVED_PRIORITY}`;
  const place = `${REG.network}=${hex(network)},eth_dst=${mac},load:${port}->${wide(REG.port, '0..15')}`;
  return `learn(${what},cookie=0x${cookie('learned').toString(16)},${place})`;
}

/** The flow that {@link learn} writes. */
export function learnedKey({ network, mac }: Station): FlowKey {
  const match = matchText({ [REG.network]: network, dl_dst: mac });
  return { table: TABLES.moved, priority: MOVED_PRIORITY, match };
}

function destinationFlows(
  { num, network, mac }: IntentVnic,
  ports: readonly LocalPort[],
  carryOver: boolean,
): FlowSpec[] {
  const here = ports.findLast((port) => port.active);
  const does = actions(here && set(REG.port, here.ofport), carryOver && setBits(REG.flags, FLAG.carryOver));
  return does === ''
    ? []
    : [flow('destination', 10, { [REG.network]: network, dl_dst: mac }, does, cookie('vnic', num))];
}

/** What a vNIC may be sent: packets and questions for its own addresses. */
function addresseeFlows(vnic: IntentVnic): FlowSpec[] {
  const to = { [REG.network]: vnic.network, dl_dst: vnic.mac };
  const own = (match: Match) => flow('addressee', 10, { ...match, ...to }, next('conntrack'), cookie('vnic', vnic.num));
  return [
    ...vnic.ipv4.flatMap((address) => [own({ word: 'ip', nw_dst: address }), own({ word: 'arp', arp_tpa: address })]),
    ...ipv6Of(vnic).flatMap((address) => [
      own({ word: 'ipv6', ipv6_dst: address }),
      // The host that asks has put the vNIC's MAC address into the frame; the packet still says solicited-node multicast.
      own({ word: 'icmp6', icmp_type: 135, icmp_code: 0, nd_target: address }),
    ]),
  ];
}

/** What a vNIC may call itself. */
function ownSourceFlows(vnic: IntentVnic): FlowSpec[] {
  const { num, mac, ipv4 } = vnic;
  const own = { [REG.vnic]: num, dl_src: mac };
  const local = linkLocal(mac);
  const spoof = (match: Match, table: 'resolve' | 'uplink' | 'locate' | 'neighbour', priority = 50) =>
    flow('spoof', priority, { ...match, ...own }, next(table), cookie('vnic', num));
  return [
    ...ipv4.map((arp_spa) => spoof({ word: 'arp', arp_spa, arp_sha: mac }, 'resolve')),
    // A probe before the address is used (RFC 5227).
    spoof({ word: 'arp', arp_spa: '0.0.0.0', arp_op: 1, arp_sha: mac }, 'resolve'),
    // QEMU's own announcement after a migration (net/announce.c: a RARP request, operation 3).
    spoof({ word: 'rarp', arp_op: 3, arp_sha: mac }, 'uplink'),
    spoof({ word: 'udp', nw_src: '0.0.0.0', nw_dst: '255.255.255.255', tp_src: 68, tp_dst: 67 }, 'uplink'),
    spoof({ word: 'udp6', ipv6_src: local, ipv6_dst: 'ff02::1:2', tp_src: 546, tp_dst: 547 }, 'uplink', 60),
    ...ipv4.map((nw_src) => spoof({ word: 'ip', nw_src }, 'locate')),
    ...ipv6Of(vnic).map((ipv6_src) => spoof({ word: 'ipv6', ipv6_src }, 'neighbour')),
    // Before it has an address: duplicate detection (RFC 4862, 5.4), router solicitation, multicast reports.
    ...ipv6Of(vnic).map((nd_target) =>
      spoof({ word: 'icmp6', ipv6_src: '::', icmp_type: 135, icmp_code: 0, nd_target, nd_sll: NO_MAC }, 'resolve'),
    ),
    ...[133, 131, 143].map((icmp_type) =>
      spoof({ word: 'icmp6', ipv6_src: '::', ipv6_dst: LINK_MULTICAST, icmp_type }, 'uplink'),
    ),
  ];
}

/** An option that a Neighbour Discovery message does not have. */
const NO_MAC = '00:00:00:00:00:00';

/** Solicitations and advertisements give the vNIC's own link-layer address or none; it advertises only itself. */
function neighbourOwnFlows(vnic: IntentVnic): FlowSpec[] {
  const { num, mac } = vnic;
  const owner = cookie('vnic', num);
  const nd = { word: 'icmp6', [REG.vnic]: num, icmp_code: 0 };
  return [mac, NO_MAC].flatMap((option) => [
    flow('neighbour', 20, { ...nd, icmp_type: 135, nd_sll: option }, next('resolve'), owner),
    ...ipv6Of(vnic).map((nd_target) =>
      flow('neighbour', 20, { ...nd, icmp_type: 136, nd_target, nd_tll: option }, next('resolve'), owner),
    ),
  ]);
}

/** A vNIC sends ICMP errors about connections of its own: about others' they would end them, whatever the rules say. */
function errorFlows(vnic: IntentVnic): FlowSpec[] {
  const { num, ipv4 } = vnic;
  const own = (match: Match) => {
    const about = { ...match, ct_state: '+rel+trk', [REG.vnic]: num };
    return flow('related', 10, about, next('relatedRule'), cookie('vnic', num));
  };
  return [
    ...ipv4.flatMap((address) => [own({ word: 'ip', ct_nw_src: address }), own({ word: 'ip', ct_nw_dst: address })]),
    ...ipv6Of(vnic).flatMap((address) => [
      own({ word: 'ipv6', ct_ipv6_src: address }),
      own({ word: 'ipv6', ct_ipv6_dst: address }),
    ]),
  ];
}

/** A question for its own address is an announcement, or asks whether somebody else has it: to the trunk. */
function announcementFlows(vnic: IntentVnic): FlowSpec[] {
  const { num, ipv4 } = vnic;
  const owner = cookie('vnic', num);
  return [
    ...ipv4.map((arp_tpa) => flow('resolve', 100, { word: 'arp', [REG.vnic]: num, arp_tpa }, next('uplink'), owner)),
    ...ipv6Of(vnic).map((nd_target) =>
      flow(
        'resolve',
        100,
        { word: 'icmp6', [REG.vnic]: num, icmp_type: 135, icmp_code: 0, nd_target },
        next('uplink'),
        owner,
      ),
    ),
  ];
}

/** The vNIC announces itself from somewhere else: its VM has moved away, so its traffic goes to the trunk. */
function departureFlows(vnic: IntentVnic): FlowSpec[] {
  const { num, network, mac, ipv4 } = vnic;
  const from = { [REG.network]: network, dl_src: mac };
  const does = learn(vnic, AWAY);
  const gone = (match: Match) => flow('trunk', 100, { ...match, ...from }, does, cookie('vnic', num));
  return [
    gone({ word: 'rarp' }),
    ...ipv4.map((address) => gone({ word: 'arp', arp_spa: address, arp_tpa: address })),
    ...ipv6Of(vnic).map((nd_target) =>
      gone({ word: 'icmp6', dl_dst: MULTICAST_V6, icmp_type: 136, icmp_code: 0, nd_target }),
    ),
  ];
}
