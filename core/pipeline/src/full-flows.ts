import { actions, ask } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { BEGINS } from './limit-flows.ts';
import type { Match } from './match.ts';
import { refuse } from './refuse.ts';
import { REG, VERDICT } from './registers.ts';
import { TABLES } from './tables.ts';
import type { LocalPort } from './vnic-flows.ts';

/** Of vNICs, and of rules, by their numbers. */
export interface OfBoth<T> {
  readonly vnics: T;
  readonly rules: T;
}

/** Who has as many connections as allowed. */
export interface Full extends OfBoth<ReadonlySet<number>> {
  readonly networks: ReadonlySet<number>;
}
export const NONE_FULL: Full = Object.freeze({
  vnics: new Set<number>(),
  rules: new Set<number>(),
  networks: new Set<number>(),
});

/** Which flows count what is refused for vNICs, rules and networks that are full: a table, and cookies with the bits of the mask. */
export const FULL_FLOWS = (['full', 'fullRule', 'fullNetwork'] as const).map((kind) => ({
  table: TABLES.verdict,
  cookie: cookie(kind),
  cookieMask: 0xffff_ffff_0000_0000n,
}));

const begins: Match = { ...BEGINS, [REG.verdict]: VERDICT.allow };
const refuses = actions(ask('pendingSample'), refuse('limit'));

/** A vNIC that has as many connections as it may: no other begins, whoever asks; those that it has go on. */
export function fullFlows(num: number, ports: readonly LocalPort[]): FlowSpec[] {
  const owner = cookie('full', num);
  return [
    flow('verdict', 40, { ...begins, [REG.vnic]: num }, refuses, owner),
    ...ports.map(({ ofport }) => flow('verdict', 41, { ...begins, [REG.port]: ofport }, refuses, owner)),
  ];
}

/** So it is with a rule. */
export const fullRuleFlows = (num: number): FlowSpec[] => [
  flow('verdict', 42, { ...begins, [REG.rule]: num }, refuses, cookie('fullRule', num)),
];

/**
 * And with a network. Conntrack remembers no other there in any case (the engine tells it how many it may), and what it does
 * not remember is not answered: so the sender is told why, in the flow log, and nobody hears of what cannot become a connection.
 */
export const fullNetworkFlows = (num: number): FlowSpec[] => [
  flow('verdict', 43, { ...begins, [REG.network]: num }, refuses, cookie('fullNetwork', num)),
];
