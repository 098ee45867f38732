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
export type Full = OfBoth<ReadonlySet<number>>;
export const NONE_FULL: Full = Object.freeze({ vnics: new Set<number>(), rules: new Set<number>() });

/** Which flows count what is refused for vNICs and rules that are full: a table, and cookies with the bits of the mask. */
export const FULL_FLOWS = (['full', 'fullRule'] as const).map((kind) => ({
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
