import type { IntentRule, Verdict } from '@hypervigil/model';
import { EFFECT } from '@hypervigil/policy';
import { actions, ask, copy, next, set } from './actions.ts';
import { DOUBTFUL } from './doubtful.ts';
import { type FlowSpec, flow } from './flow.ts';
import { bits, masked, noBits } from './match.ts';
import { ALWAYS, sample } from './observation.ts';
import { COMMIT, OBSERVED, REG, VERDICT } from './registers.ts';
import { TIER_TABLES } from './tables.ts';

/**
 * The pending verdict: the same tables are asked once more, before the verdict itself. Staged rules stand in them at their
 * own priorities and match while there is no pending verdict; then they are out of the way.
 */
export function pendingFlows(): FlowSpec[] {
  const settle = actions(copy(REG.verdict, REG.pendingVerdict), set(REG.rule, 0), set(REG.verdict, 0));
  const forget = actions(copy(REG.pendingRule, REG.firstRule), set(REG.pendingRule, 0), set(REG.verdict, 0));
  const { original, reply } = TIER_TABLES;
  return [
    flow(
      'pending',
      10,
      { [REG.observed]: bits(OBSERVED.reply) },
      actions(ask(reply.emergency), next('pendingVerdict')),
    ),
    flow('pending', 0, {}, actions(ask(original.emergency), next('pendingVerdict'))),
    ...DOUBTFUL.map(({ match, as }) =>
      flow('pendingVerdict', 20, match, actions(forget, ask(TIER_TABLES[as].emergency), next('pendingOpinion'))),
    ),
    flow('pendingVerdict', 0, {}, settle),
    flow('pendingOpinion', 10, { [REG.verdict]: VERDICT.allow }, settle),
    flow('pendingOpinion', 0, {}, actions(copy(REG.firstRule, REG.pendingRule), settle)),
  ];
}

/** The report of a packet's pending verdict, beside that of its verdict and as often. */
export function pendingSamples(rule: IntentRule, owner: bigint, establishedProbability: number): FlowSpec[] {
  const effect = EFFECT[rule.action];
  const verdicts: readonly Verdict[] = effect === 'pass' ? ['allow', 'deny'] : [effect];
  return verdicts.flatMap((verdict) => {
    const pending = { [REG.pendingRule]: rule.num, [REG.pendingVerdict]: VERDICT[verdict] };
    const report = (probability: number, where: number) =>
      probability === 0
        ? 'drop'
        : sample(probability, OBSERVED.pending | where | (verdict === 'deny' ? OBSERVED.deny : 0), rule.num);
    const allowed = [0, OBSERVED.ingress, OBSERVED.reply, OBSERVED.ingress | OBSERVED.reply].flatMap((where) => {
      const match = { ...pending, [REG.verdict]: VERDICT.allow, [REG.observed]: where };
      const established = { ...match, [REG.commit]: masked(COMMIT.none, 3) };
      return [
        flow('pendingSample', 30, established, report(establishedProbability, where), owner),
        flow('pendingSample', 20, match, report(ALWAYS, where), owner),
      ];
    });
    const denied = [0, OBSERVED.ingress].map((where) => {
      const match = { ...pending, [REG.observed]: where ? bits(OBSERVED.ingress) : noBits(OBSERVED.ingress) };
      return flow('pendingSample', 10, match, report(ALWAYS, where), owner);
    });
    return [...allowed, ...denied];
  });
}
