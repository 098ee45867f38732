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
    'limit',
  ] as const;
  return [...reasons.flatMap((reason) => denySamples(SYNTHETIC_RULES[reason])), flow('deny', 0, {}, 'drop')];
}

interface DenyOptions {
  readonly owner?: bigint;
  /** How many of the packets are reported, of 65535. */
  readonly probability?: number;
  /** What is done of a packet in the end. */
  readonly after?: string | undefined;
}

/** Sample without any output: the packet is reported and ends. `sample` beside `drop` is refused by the switch. */
export function denySamples(ruleNum: number, { owner, probability = ALWAYS, after }: DenyOptions = {}): FlowSpec[] {
  return [
    { point: 0, match: noBits(OBSERVED.ingress) },
    { point: OBSERVED.ingress, match: bits(OBSERVED.ingress) },
  ].map(({ point, match }) => {
    const report = probability > 0 && sample(probability, OBSERVED.deny | point, ruleNum);
    const does = actions(report, after) || 'drop';
    return flow('deny', 10, { [REG.rule]: ruleNum, [REG.observed]: match }, does, owner);
  });
}
