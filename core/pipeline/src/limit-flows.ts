import type { IntentRule, LimitValues } from '@hypervigil/model';
import { actions, next } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { type Match, masked } from './match.ts';
import { bandwidthMeter, connectionMeter, type MeterSpec, meterId } from './meter.ts';
import { COMMIT, REG } from './registers.ts';
import type { LocalPort } from './vnic-flows.ts';

/**
 * Limits of what is allowed, asked after the verdict and before anybody hears of it: what is over a limit ends in the
 * datapath, is reported as no flow, and begins no connection. Meters count it.
 *
 * ```
 *  verdict ─► limits ─► newOut ─► newIn ─► newOfRule ─► bandwidthOfRule ─► back to the verdict
 *               └─ (no connection begins) ─────────────────────┘
 * ```
 */
export function limitFlows(): FlowSpec[] {
  return [
    flow('limits', 10, BEGINS, next('newOut')),
    flow('limits', 0, {}, next('bandwidthOfRule')),
    flow('newOut', 0, {}, next('newIn')),
    flow('newIn', 0, {}, next('newOfRule')),
    flow('newOfRule', 0, {}, next('bandwidthOfRule')),
  ];
}

/** A connection begins that conntrack has not yet. */
export const BEGINS: Match = { ct_label: masked(0, 0xffff_ffff), [REG.commit]: COMMIT.begin };

/** A vNIC's limits on this host, but that of what it sends: its own port does that. */
export function vnicLimitFlows(num: number, ports: readonly LocalPort[], values: LimitValues): FlowSpec[] {
  const owner = cookie('vnic', num);
  const { bandwidthIn, newOut, newIn } = values;
  const delivered = ({ ofport }: LocalPort) => ({ [REG.port]: ofport });
  return [
    ...(newOut ? [flow('newOut', 10, { [REG.vnic]: num }, actions(meter('newOut', num), next('newIn')), owner)] : []),
    ...ports.flatMap((port) => [
      ...(newIn ? [flow('newIn', 10, delivered(port), actions(meter('newIn', num), next('newOfRule')), owner)] : []),
      ...(bandwidthIn
        ? [flow('output', 15, delivered(port), actions(meter('bandwidthIn', num), `output:${port.ofport}`), owner)]
        : []),
    ]),
  ];
}

type LimitedRule = Pick<IntentRule, 'num' | 'limits'>;

/** A rule's limits on this host: of its packets, whichever vNICs they are between. */
export function ruleLimitFlows({ num, limits }: LimitedRule): FlowSpec[] {
  const mine = { [REG.rule]: num };
  const owner = cookie('rule', num);
  return [
    ...(limits?.newConnections
      ? [flow('newOfRule', 10, mine, actions(meter('ruleNew', num), next('bandwidthOfRule')), owner)]
      : []),
    ...(limits?.bandwidth ? [flow('bandwidthOfRule', 10, mine, meter('ruleBandwidth', num), owner)] : []),
  ];
}

export const ruleMeters = ({ num, limits }: LimitedRule): MeterSpec[] => [
  ...(limits?.newConnections ? [connectionMeter(meterId('ruleNew', num), limits.newConnections)] : []),
  ...(limits?.bandwidth ? [bandwidthMeter(meterId('ruleBandwidth', num), limits.bandwidth)] : []),
];

export const meter = (kind: Parameters<typeof meterId>[0], num: number): string => `meter:${meterId(kind, num)}`;

export function vnicMeters(num: number, { bandwidthOut, bandwidthIn, newOut, newIn }: LimitValues): MeterSpec[] {
  return [
    ...(bandwidthOut ? [bandwidthMeter(meterId('bandwidthOut', num), bandwidthOut)] : []),
    ...(bandwidthIn ? [bandwidthMeter(meterId('bandwidthIn', num), bandwidthIn)] : []),
    ...(newOut ? [connectionMeter(meterId('newOut', num), newOut)] : []),
    ...(newIn ? [connectionMeter(meterId('newIn', num), newIn)] : []),
  ];
}
