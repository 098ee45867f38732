import type { GatewayNum, IntentLink } from '@hypervigil/model';
import { actions, ask, clearBits, next, set, setBits, wide } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { bits, type Match, MULTICAST, masked, noBits } from './match.ts';
import { FLAG, LINKS, type Link, OBSERVED, REG } from './registers.ts';
import { TABLES, type TableName } from './tables.ts';

/**
 * Chains of gateways: the links after the first (why: docs/adr/0016-chains-of-gateways.md).
 *
 * ```
 *  inspection ─► secondLink, thirdLink (asked) ─► inspection ─► sample ─► commit ─► steer ─► the first link's gateway
 *
 *  a gateway ─► classify ─► between ─ct─► arrived ─► onward ─► the gateway of the next link
 *                                                       └────► returned
 * ```
 *
 * The label holds the gateway of every link before the first packet leaves for any. What comes out of one goes to a later link,
 * or as an answer to an earlier one, and else it is delivered: so it meets each link once.
 */
const LATER = [
  { table: 'secondLink', link: LINKS[1] },
  { table: 'thirdLink', link: LINKS[2] },
] as const;

/** Where the gateway of a link is chosen, and what follows: the later ones are asked. */
export const CHOICES: readonly { readonly table: TableName; readonly link: Link; readonly onward: string }[] = [
  { table: 'gateway', link: LINKS[0], onward: next('inspection') },
  ...LATER.map((later) => ({ ...later, onward: '' })),
];

/** Bits of `ct_label` that say which gateway a link has. */
export const labelled = (link: Link, num: number): string =>
  masked(BigInt(num) << BigInt(link.label), 0xffffn << BigInt(link.label));

/** No link has a gateway. */
export const UNLABELLED = masked(
  0,
  LINKS.reduce((all, { label }) => all | (0xffffn << BigInt(label)), 0n),
);

/** A link's gateway while a packet passes. */
export const linked = ({ register, half }: Link, num: number): Match => ({
  [register]: masked(num * 2 ** half, 0xffff * 2 ** half),
});
export const setLink = ({ register, half }: Link, num: number): string =>
  `set_field:${masked(num * 2 ** half, 0xffff * 2 ** half)}->${register}`;

/** Of a rule with a chain: has the gateways of its later links chosen, once. */
export function ruleLinkFlows(ruleNum: number, later: readonly IntentLink[]): FlowSpec[] {
  if (later.length === 0) return [];
  const choose = later.map(({ group, onFailure }, n) =>
    actions(
      set(REG.chain, group),
      onFailure === 'open' ? setBits(REG.flags, FLAG.failOpen) : clearBits(REG.flags, FLAG.failOpen),
      ask(LATER[n]!.table),
    ),
  );
  const match = { [REG.rule]: ruleNum, [REG.flags]: noBits(FLAG.linked) };
  const does = actions(setBits(REG.flags, FLAG.linked), ...choose, ask('inspection'));
  return [flow('inspection', 40, match, does, cookie('rule', ruleNum))];
}

/**
 * What a chain needs that is the same for all of them.
 * @param links of the longest chain; with one there is nothing
 * @param tooLarge networks whose numbers are no VLAN
 */
export function linkFlows(links: number, tooLarge: readonly (string | number)[]): FlowSpec[] {
  if (links < 2) return [];
  const open = { [REG.flags]: bits(FLAG.failOpen) };
  const skip = (flags = 0) => setBits(REG.flags, FLAG.skipped | flags);
  const none = setBits(REG.flags, FLAG.unserved);
  /** A link without gateways. A connection that had one forgets it: it would be waited for. */
  const withoutGateway = ({ table, link }: (typeof LATER)[number]) => [
    ...[{ dl_dst: MULTICAST }, ...tooLarge.map((network) => ({ [REG.network]: network }))].flatMap((match) => [
      flow(table, 51, { ...match, ...open }, skip()),
      flow(table, 50, match, none),
    ]),
    flow(table, 3, { ...open, ct_label: labelled(link, 0) }, skip()),
    flow(table, 2, open, skip(FLAG.chosen)),
    flow(table, 0, {}, none),
  ];
  const forget = actions(skip(FLAG.chosen), next('inspection'));
  return [
    flow('noGateway', 12, { ...open, ct_label: labelled(LINKS[0], 0) }, actions(skip(), next('inspection'))),
    flow('noGateway', 11, open, forget),
    ...LATER.flatMap(withoutGateway),
    flow('between', 20, { dl_dst: MULTICAST }, 'drop'),
    ...['ip', 'ipv6'].map((word) =>
      flow('between', 10, { word }, `ct(table=${TABLES.arrived},zone=${wide(REG.network, '0..15')})`),
    ),
    ...DIRECTIONS.flatMap((direction) =>
      hops(links, direction).map((hop) =>
        flow('onward', 10, { ...at(hop, direction), ct_label: labelled(LINKS[hop]!, 0) }, goOn(hop, links, direction)),
      ),
    ),
  ];
}

/** `1`: as the connection was opened, to later links; `-1`: its answers, to earlier ones. */
const DIRECTIONS = [1, -1] as const;
type Direction = (typeof DIRECTIONS)[number];

/** The links that a packet may come to after another one. */
const hops = (links: number, direction: Direction): number[] =>
  Array.from({ length: links - 1 }, (_, n) => (direction === 1 ? n + 1 : n));

const at = (hop: number, direction: Direction): Match => ({
  [REG.observed]: direction === 1 ? noBits(OBSERVED.reply) : bits(OBSERVED.reply),
  [REG.hop]: hop,
});

/** From one link on to the next one, or out of the chain. */
function goOn(from: number, links: number, direction: Direction): string {
  const hop = from + direction;
  return hop < 0 || hop >= links ? ask('returned') : actions(set(REG.hop, hop), ask('onward'));
}

interface LinkedGateway {
  readonly num: GatewayNum;
  readonly left: number;
  readonly right: number;
}

/** How packets get from link to link by way of a gateway. {@link enter} leads into it. */
export function linkedGatewayFlows(
  { num, left, right }: LinkedGateway,
  links: number,
  enter: (port: number) => string,
): FlowSpec[] {
  if (links < 2) return [];
  const owner = cookie('gateway', num);
  return DIRECTIONS.flatMap((direction) => [
    ...LINKS.slice(0, links).map((link, n) => {
      const from = {
        [REG.gateway]: num,
        [REG.observed]: at(0, direction)[REG.observed],
        ct_label: labelled(link, num),
      };
      return flow('arrived', 10, from, goOn(n, links, direction), owner);
    }),
    ...hops(links, direction).map((hop) => {
      const to = { ...at(hop, direction), ct_label: labelled(LINKS[hop]!, num) };
      return flow('onward', 10, to, enter(direction === 1 ? left : right), owner);
    }),
  ]);
}

/** What comes out of a gateway, where there are chains: `right` has let through what was opened, `left` its answers. */
export const cameOut = (num: GatewayNum, side: 'left' | 'right'): string =>
  actions(set(REG.gateway, num), side === 'left' && setBits(REG.observed, OBSERVED.reply), next('between'));
