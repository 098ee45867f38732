import { SYNTHETIC_RULES } from '@hypervigil/model';
import { isIcmpAnswer } from '../flows/connection.ts';
import type { Sample } from '../flows/sample.ts';
import type { Told } from './told.ts';

/** Exporters tell of a long flow every half hour at most; what is told later than that has another clock. */
const LATE_MS = 3_600_000;
const LONG_MS = 86_400_000;

/**
 * What an exporter told, as samples are put together: no rule decided it, and it went by as it did.
 * @param nowMs the platform's time
 */
export function sampleOf({ isEstimated, vlan: _vlan, ...told }: Told, nowMs: number): Sample {
  const endMs = told.endMs <= nowMs && told.endMs > nowMs - LATE_MS ? told.endMs : nowMs;
  const startMs = told.startMs <= endMs && told.startMs > endMs - LONG_MS ? told.startMs : endMs;
  return {
    ...told,
    startMs: Math.trunc(startMs),
    endMs: Math.trunc(endMs),
    verdict: 'allow',
    about: 'verdict',
    point: 'egress',
    direction: isReply(told) ? 'reply' : 'original',
    ruleNum: isEstimated ? SYNTHETIC_RULES.estimated : SYNTHETIC_RULES.observed,
  };
}

/**
 * Which way it went is a guess, since exporters may begin in the middle: services have lower ports than those who ask them. It
 * is the same guess for both directions, so that they meet.
 */
function isReply({ protocol, srcPort, dstPort, srcIp, dstIp, icmpType }: Omit<Told, 'isEstimated' | 'vlan'>): boolean {
  if (icmpType !== null) return isIcmpAnswer(protocol, icmpType);
  return srcPort === dstPort ? srcIp > dstIp : srcPort < dstPort;
}
