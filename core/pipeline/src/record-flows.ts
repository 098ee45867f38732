import type { Recording } from '@hypervigil/policy';
import { actions, next, setBits, wide } from './actions.ts';
import { type FlowSpec, flow } from './flow.ts';
import { bits, type Match, masked, noBits } from './match.ts';
import { ALWAYS, sample } from './observation.ts';
import { COMMIT, FLAG, LOGGED_MARK, OBSERVED, REG } from './registers.ts';

const POINTS = [0, OBSERVED.ingress, OBSERVED.reply, OBSERVED.ingress | OBSERVED.reply];

/** conntrack knows the connection, or the packet speaks of one that it knows. */
const KNOWN: Match = { [REG.commit]: masked(COMMIT.none, 3) };

/** Where {@link draw} puts what it has drawn. Nobody looks at the first opinion any more. */
const DRAWN = wide(REG.firstRule, '0..15');

/**
 * A connection's lot among `oneIn`: the same for both directions, and on both hosts. Only packets that begin a connection,
 * or come under another rule, are drawn for; the connection remembers. So the datapath tells no connections apart for it.
 */
const draw = (oneIn: number): string => `multipath(symmetric_l3l4+udp,0,modulo_n,${oneIn},0,${DRAWN})`;

interface Allowed {
  readonly ruleNum: number;
  readonly recording: Recording;
  /** How often packets of known connections are counted where the rule does not ask for all, of 65535. */
  readonly established: number;
  /** What becomes of the packet, reported or not. */
  readonly onward: string;
}

/** The reports of packets that a rule allows. */
export function allowSamples({ ruleNum, recording, established, onward }: Allowed, owner: bigint): FlowSpec[] {
  const { oneIn, exact } = recording;
  const rule = { [REG.rule]: ruleNum };
  const often = exact ? ALWAYS : established;
  const silent = (table: 'sample' | 'record', priority: number, match: Match) =>
    flow(table, priority, { ...match, ...rule }, onward, owner);
  const reports = (table: 'sample' | 'record', priority: number, match: Match, probability: number, mark = '') =>
    POINTS.map((observed) => {
      const report = probability > 0 && sample(probability, observed, ruleNum);
      const where = { ...match, ...rule, [REG.observed]: observed };
      return flow(table, priority, where, actions(report, mark, onward), owner);
    });
  if (oneIn === 0) return [silent('sample', 10, {})];
  if (oneIn === 1) return [...reports('sample', 20, KNOWN, often), ...reports('sample', 10, {}, ALWAYS)];
  const drawn = { ...KNOWN, ct_label: masked(ruleNum, 0xffff_ffff) };
  return [
    ...reports('sample', 20, { ...drawn, ct_mark: bits(LOGGED_MARK) }, often),
    silent('sample', 20, { ...drawn, ct_mark: noBits(LOGGED_MARK) }),
    flow('sample', 10, rule, actions(draw(oneIn), next('record')), owner),
    ...reports('record', 20, { [REG.firstRule]: masked(0, 0xffff) }, ALWAYS, setBits(REG.flags, FLAG.logged)),
    silent('record', 10, {}),
  ];
}
