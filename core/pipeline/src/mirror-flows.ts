import type { Id, IntentVnic, MirrorNum } from '@hypervigil/model';
import { actions, ask, next, wide } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { AS_NETWORK, oneHostFlows, TOO_LARGE } from './gateway-flows.ts';
import { LOCATE } from './guard-flows.ts';
import { bits, type Match, MULTICAST, masked, noBits } from './match.ts';
import { COMMIT, FLAG, OWNER, REG } from './registers.ts';

/**
 * Copies of packets (why: docs/adr/0014-mirrors.md). Every table of them is asked and comes back, so nothing here changes
 * what becomes of the packet, and no port that gets copies is a place that packets come from.
 *
 * ```
 *  classify, locate: a vNIC's, as it arrives ─────────────────► mirror ─► mirrorDrawn ─► mirrorTo ─► port of the mirror
 *  sample: what a rule let pass ─► mirrored ─► mirrorOfRule ──────┘     (one connection of so many)
 * ```
 */
export interface LocalMirror {
  readonly id: Id;
  readonly num: MirrorNum;
  /** Of so many connections one is copied. */
  readonly oneIn: number;
  /** Numbers of the vNICs whose traffic is copied as it arrives. */
  readonly vnics: readonly number[];
  /** OpenFlow port that copies go to; null while there is none: they are dropped, and counted. */
  readonly port: number | null;
  /** Whether the port is a gateway's, which wants to know the network: copies carry its number as VLAN. */
  readonly tagged?: boolean;
}

const numbered = (num: MirrorNum): string => masked(num, 0xffff_ffff);
const offered = (num: MirrorNum): Match => ({ [REG.mirror]: numbered(num) });
const offer = (num: MirrorNum): string => `set_field:${numbered(num)}->${REG.mirror}`;

/** Both directions of a connection have one hash, on every host the same. */
const draw = (num: MirrorNum, oneIn: number): string =>
  `multipath(symmetric_l3l4+udp,${num & 0xffff},modulo_n,${oneIn},0,${wide(REG.lot)})`;

/** What a rule let pass is copied on one host: that of the end which did not begin the connection. */
export function mirrorTables(): FlowSpec[] {
  const [copied, elsewhere] = [next('mirrorOfRule'), 'drop'];
  const trunk = bits(FLAG.trunk);
  const related = { [REG.commit]: COMMIT.related };
  return [
    // Copies for many, and errors, belong to no direction: where they come into the cloud.
    ...[{ dl_dst: MULTICAST }, related].flatMap((match, n) => [
      flow('mirrored', 97 - 10 * n, { ...match, [REG.flags]: noBits(FLAG.trunk) }, copied),
      flow('mirrored', 96 - 10 * n, { ...match, [REG.flags]: trunk, [REG.source]: OWNER.outside }, copied),
      flow('mirrored', 95 - 10 * n, match, elsewhere),
    ]),
    ...oneHostFlows('mirrored', copied, elsewhere),
    flow('mirrorDrawn', 10, { [REG.lot]: 0 }, next('mirrorTo')),
  ];
}

/** A mirror's own flows. */
export function mirrorFlows({ num, oneIn, port, tagged = false }: LocalMirror): FlowSpec[] {
  const owner = cookie('mirror', num);
  const mine = offered(num);
  return [
    flow('mirror', 10, mine, oneIn === 1 ? next('mirrorTo') : actions(draw(num, oneIn), next('mirrorDrawn')), owner),
    ...(port === null ? [] : [flow('mirrorTo', 20, mine, tagged ? taggedCopy(port) : `output:${port}`, owner)]),
    ...(tagged
      ? TOO_LARGE.map((network) => flow('mirrorTo', 30, { ...mine, [REG.network]: network }, 'drop', owner))
      : []),
    flow('mirrorTo', 10, mine, 'drop', owner),
  ];
}

/** The packet itself stays as it is. */
const taggedCopy = (port: number): string => `clone(${AS_NETWORK},output:${port})`;

/** A rule's mirror. What it has a copy of already, because of the vNIC, it is not given again. */
export const mirrorOfRuleFlows = (ruleNum: number, num: MirrorNum): FlowSpec[] => [
  flow('mirrorOfRule', 20, { [REG.rule]: ruleNum, ...offered(num) }, 'drop', cookie('rule', ruleNum)),
  flow('mirrorOfRule', 10, { [REG.rule]: ruleNum }, copyTo([num], 'last'), cookie('rule', ruleNum)),
];

/** Gives these mirrors a copy, and goes on: by coming back, or not at all. */
export const copyTo = (nums: readonly MirrorNum[], how: 'ask' | 'last' = 'ask'): string =>
  actions(...nums.flatMap((num) => [offer(num), how === 'ask' ? ask('mirror') : next('mirror')]));

/** Frames for a vNIC that mirrors watch, before anybody has judged them. From another of their vNICs they are there already. */
export function arrivalFlows({ num, network, mac }: IntentVnic, mirrors: readonly MirrorNum[]): FlowSpec[] {
  if (mirrors.length === 0) return [];
  const to = { [REG.network]: network, dl_dst: mac };
  const owner = cookie('vnic', num);
  return [
    ...(mirrors.length > 1 ? [] : [flow('locate', 20, { ...to, ...offered(mirrors[0]!) }, LOCATE, owner)]),
    flow('locate', 10, to, actions(copyTo(mirrors), LOCATE), owner),
  ];
}
