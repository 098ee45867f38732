import { SYNTHETIC_RULES, type SyntheticRule } from '@hypervigil/model';
import { actions, next, set } from './actions.ts';
import { type FlowSpec, flow } from './flow.ts';
import { bits, noBits } from './match.ts';
import { ALWAYS, sample } from './observation.ts';
import { OBSERVED, REG } from './registers.ts';

/** Ends the packet, with the reason. */
export const refuse = (rule: SyntheticRule): string => actions(set(REG.rule, SYNTHETIC_RULES[rule]), next('deny'));

/** Denials that no person's rule gives. */
export function denyFlows(): FlowSpec[] {
  const reasons = [
    'default-deny',
    'anti-spoof',
    'ct-invalid',
    'tenant-isolation',
    'dhcp-ra-guard',
    'not-ip',
    'fragment',
    'gateway-down',
    'quarantine',
  ] as const;
  return [...reasons.flatMap((reason) => denySamples(SYNTHETIC_RULES[reason])), flow('deny', 0, {}, 'drop')];
}

/** Sample without any output: the packet is reported and ends, or something is done of it in the end (`then`). `sample` beside `drop` is refused by the switch. */
export function denySamples(ruleNum: number, owner?: bigint, then?: string): FlowSpec[] {
  return [
    { point: 0, match: noBits(OBSERVED.ingress) },
    { point: OBSERVED.ingress, match: bits(OBSERVED.ingress) },
  ].map(({ point, match }) =>
    flow(
      'deny',
      10,
      { [REG.rule]: ruleNum, [REG.observed]: match },
      actions(sample(ALWAYS, OBSERVED.deny | point, ruleNum), then),
      owner,
    ),
  );
}
