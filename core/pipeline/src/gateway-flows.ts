import { GATEWAY_PROBE_ETHERTYPE, type GatewayNum, LARGEST_GATEWAY_NETWORK } from '@hypervigil/model';
import { actions, ask, next, setBits, wide } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import {
  CHOICES,
  cameOut,
  labelled,
  linked,
  linkedGatewayFlows,
  linkFlows,
  setLink,
  UNLABELLED,
} from './link-flows.ts';
import { bits, hex, type Match, MULTICAST, masked } from './match.ts';
import { ALWAYS, inspectorPoint, NOBODY, sample } from './observation.ts';
import { refuse } from './refuse.ts';
import { COMMIT, FLAG, LINKS, OBSERVED, OWNER, REG } from './registers.ts';
import type { TableName } from './tables.ts';

/**
 * Through a gateway VM as a bump in the wire (why: docs/adr/0009-service-insertion.md).
 *
 * ```
 *  verdict ─► chain ─► gateway ─► inspection ─► sample ─► commit ─► steer ─► VLAN ─► left │ gateway │ right ─┐
 *               │         └─► noGateway ─► deny, or to inspection without                                    │
 *               └─► sample (another host does it)            port ◄─ output ◄─ returned ◄─ classify ◄────────┘
 * ```
 *
 * What comes out of a gateway can only be delivered, or go to a later link of its chain (link-flows.ts): nothing behind
 * `returned` leads to `steer`.
 */
export interface LocalGateway {
  readonly num: GatewayNum;
  readonly group: GatewayNum;
  /** OpenFlow ports of its data vNICs. */
  readonly left: number;
  readonly right: number;
  /** `new`: takes any connection; `known`: those that it has already; `none`: it does not answer. */
  readonly takes: 'new' | 'known' | 'none';
}

/** Frames carry their network's number while they are with a gateway. */
export const AS_NETWORK = actions('push_vlan:0x8100', `move:${wide(REG.network, '0..11')}->NXM_OF_VLAN_TCI[0..11]`);

/** Enough of a probe to know it again. */
const PROBE_BYTES = 128;

/**
 * One host of a connection's two: that of the end which did not begin it, or, when that end is outside of the cloud, that of
 * the other one.
 */
export function oneHostFlows(table: TableName, here: string, elsewhere: string): FlowSpec[] {
  const reply = bits(OBSERVED.reply);
  const trunk = bits(FLAG.trunk);
  return [
    flow(table, 40, { [REG.flags]: trunk, [REG.observed]: reply, [REG.source]: OWNER.outside }, here),
    flow(table, 30, { [REG.flags]: trunk, [REG.observed]: reply }, elsewhere),
    flow(table, 20, { [REG.observed]: reply }, here),
    flow(table, 15, { [REG.port]: 0, [REG.destination]: OWNER.outside }, here),
    flow(table, 10, { [REG.port]: 0 }, elsewhere),
    flow(table, 0, {}, here),
  ];
}

/** Which packets of inspected connections this host sends to a gateway: both directions meet one, and no connection two. */
export function chainFlows(): FlowSpec[] {
  const here = next('gateway');
  const elsewhere = next('sample');
  return [
    flow('chain', 100, { [REG.chain]: 0 }, elsewhere),
    // Copies for many would come back to their sender, too.
    flow('chain', 95, { dl_dst: MULTICAST }, next('noGateway')),
    // Errors go where the connection goes: the gateway knows what they speak of.
    flow('chain', 90, { ct_label: UNLABELLED, [REG.commit]: COMMIT.related }, elsewhere),
    flow('chain', 85, { [REG.commit]: COMMIT.related }, here),
    ...oneHostFlows('chain', here, elsewhere),
    ...TOO_LARGE.map((network) => flow('gateway', 40, { [REG.network]: network }, next('noGateway'))),
    flow('gateway', 0, {}, next('noGateway')),
    flow('noGateway', 10, { [REG.flags]: bits(FLAG.failOpen) }, next('inspection')),
    flow('noGateway', 0, {}, refuse('gateway-down')),
    flow('inspection', 50, { [REG.flags]: bits(FLAG.unserved) }, refuse('gateway-down')),
    ...reportFlows({ link: 0, gateway: NOBODY }, 1),
    flow('inspection', 0, {}, elsewhere),
    flow('steer', 0, {}, next('output')),
    flow('returned', 20, { dl_dst: MULTICAST }, 'drop'),
    // Only what a vNIC of this host has sent may leave it by the trunk.
    flow('returned', 0, {}, actions(setBits(REG.flags, FLAG.trunk), DELIVER_RETURNED)),
  ];
}

/** Numbers that are no VLAN: a network's frames carry its number while they are with a gateway. */
export const TOO_LARGE: readonly (string | number)[] = [
  LARGEST_GATEWAY_NETWORK + 1,
  ...[0x1000, 0x2000, 0x4000, 0x8000].map((bit) => bits(bit)),
];

const DELIVER_RETURNED = actions(ask('destination'), ask('moved'), next('output'));

/** What a vNIC of this host sent and a gateway has let through. */
export const returnedFlow = (network: number, mac: string, owner: bigint): FlowSpec =>
  flow('returned', 10, { [REG.network]: network, dl_src: mac }, DELIVER_RETURNED, owner);

/** Where the links of a chain report who inspects a packet: the later ones are asked. */
const REPORTS = ['inspection', 'secondInspection', 'thirdInspection'] as const satisfies readonly TableName[];

interface Report {
  readonly link: number;
  readonly gateway: number;
  /** Only of packets that skip a link of their chain. */
  readonly isSkip?: boolean;
  readonly establishedProbability?: number;
  readonly owner?: bigint;
}

/**
 * The report of who inspects a packet at a link, beside that of its verdict.
 * @param links of the longest chain that a rule names
 */
function reportFlows(report: Report, links: number): FlowSpec[] {
  const { link, gateway, isSkip = false, establishedProbability = ALWAYS, owner } = report;
  const table = REPORTS[link]!;
  const onward = link === 0 && actions(...REPORTS.slice(1, links).map(ask), next('sample'));
  const priority = isSkip ? 30 : 10;
  return [0, OBSERVED.ingress, OBSERVED.reply, OBSERVED.ingress | OBSERVED.reply].flatMap((where) => {
    const match = {
      ...linked(LINKS[link]!, gateway),
      [REG.observed]: where,
      ...(isSkip && { [REG.flags]: bits(FLAG.skipped) }),
    };
    const says = (probability: number) =>
      actions(
        probability > 0 && sample(probability, OBSERVED.inspection | where, inspectorPoint({ link, gateway })),
        onward,
      ) || 'drop';
    const established = { ...match, [REG.commit]: masked(COMMIT.none, 3) };
    return [
      flow(table, priority + 10, established, says(establishedProbability), owner),
      flow(table, priority, match, says(ALWAYS), owner),
    ];
  });
}

/** What chains need beside their gateways. @param links of the longest chain */
export const chainLinkFlows = (links: number): FlowSpec[] => [
  ...linkFlows(links, TOO_LARGE),
  // One group alone says by itself that it has no gateway.
  ...(links < 2
    ? []
    : LINKS.slice(0, links).flatMap((_, link) => reportFlows({ link, gateway: NOBODY, isSkip: true }, links))),
];

/**
 * A gateway's own flows: how packets get to it, and what becomes of what it lets through.
 * @param establishedProbability how often packets of known connections are reported, of 65535
 * @param links of the longest chain that a rule names
 */
export function gatewayFlows(gateway: LocalGateway, establishedProbability = ALWAYS, links = 1): FlowSpec[] {
  const { num, group, left, right, takes } = gateway;
  const owner = cookie('gateway', num);
  const enter = (port: number) => `${AS_NETWORK},output:${port}`;
  return [
    ...(takes === 'none'
      ? []
      : CHOICES.slice(0, links).map(({ table, link, onward }) => {
          const known = { ct_label: labelled(link, num), [REG.chain]: group };
          return flow(table, 30, known, actions(setLink(link, num), onward), owner);
        })),
    ...LINKS.slice(0, links).flatMap((_, link) =>
      reportFlows({ link, gateway: num, establishedProbability, owner }, links),
    ),
    // A connection begins with its first link, and its answers with the last one.
    ...LINKS.slice(0, links).flatMap((link, n) => [
      flow('steer', 20 + n, { [REG.observed]: bits(OBSERVED.reply), ...linked(link, num) }, enter(right), owner),
      flow('steer', 12 - n, linked(link, num), enter(left), owner),
    ]),
    ...(['left', 'right'] as const).flatMap((side) => [
      flow(
        'classify',
        120,
        { in_port: gateway[side], dl_type: hex(GATEWAY_PROBE_ETHERTYPE) },
        `CONTROLLER:${PROBE_BYTES}`,
        owner,
      ),
      flow(
        'classify',
        110,
        { in_port: gateway[side], vlan_tci: '0x1000/0x1000' },
        actions(
          `move:NXM_OF_VLAN_TCI[0..11]->${wide(REG.network, '0..11')}`,
          'pop_vlan',
          links > 1 ? cameOut(num, side) : next('returned'),
        ),
        owner,
      ),
    ]),
    ...linkedGatewayFlows(gateway, links, enter),
  ];
}

/** Shares of a group's new connections: one low bit more than gateways of a group on one host are likely to need. */
const SHARES = 16;

/**
 * How a group's new connections are shared: by the client's port, or its address where there is none.
 * @param links of the longest chain that a rule names
 */
export function sharingFlows(group: GatewayNum, gateways: readonly LocalGateway[], links = 1): FlowSpec[] {
  return CHOICES.slice(0, links).flatMap((choice) => linkSharingFlows(group, gateways, choice));
}

function linkSharingFlows(
  group: GatewayNum,
  gateways: readonly LocalGateway[],
  { table, link, onward }: (typeof CHOICES)[number],
): FlowSpec[] {
  const nums = gateways
    .filter(({ takes }) => takes === 'new')
    .map(({ num }) => num)
    .sort((a, b) => a - b);
  const owner = cookie('gateway');
  const to = (num: number) => actions(setLink(link, num), setBits(REG.flags, FLAG.chosen), onward);
  const share = (match: Match, priority: number, num: number) =>
    flow(table, priority, { ...match, [REG.chain]: group }, to(num), owner);
  const [first] = nums;
  if (first === undefined) return [];
  if (nums.length === 1) return [share({}, 10, first)];
  return Array.from({ length: SHARES }, (_, n) => n).flatMap((n) => {
    const num = nums[n % nums.length]!;
    const low = `${n === 0 ? '0x0' : `0x${n.toString(16)}`}/0x${(SHARES - 1).toString(16)}`;
    return [
      ...['tcp', 'tcp6', 'udp', 'udp6', 'sctp', 'sctp6'].map((word) => share({ word, tp_src: low }, 20, num)),
      share({ word: 'ip', nw_src: `0.0.0.${n}/0.0.0.${SHARES - 1}` }, 10, num),
      share({ word: 'ipv6', ipv6_src: `::${n.toString(16)}/::${(SHARES - 1).toString(16)}` }, 10, num),
    ];
  });
}
