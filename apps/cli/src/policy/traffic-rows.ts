import type { api, Language, ResponseOf } from '@hypervigil/contract';
import { syntheticRule } from '@hypervigil/model';
import { messagesFor } from '../messages/index.ts';
import { serviceText } from './service-text.ts';

type Answer<Operation extends keyof typeof api> = ResponseOf<(typeof api)[Operation]>;
type Simulated = Answer<'simulatePolicy'>['items'][number];

export const simulationRows = ({ items }: Answer<'simulatePolicy'>): object[] =>
  items.map((change) => ({
    change: `${change.before.verdict} → ${change.after.verdict}`,
    from: endText(change.src),
    to: endText(change.dst),
    service: serviceText(change),
    connections: change.flows,
    lastSeen: change.lastAt,
    oldRule: ruleText(change.before),
    newRule: ruleText(change.after),
  }));

export function simulationSummary(answer: Answer<'simulatePolicy'>, language: Language): string[] {
  const { cut, opened, seen, unplaced, truncated } = answer;
  const words = messagesFor(language, {}).traffic;
  return [
    words.seen(seen.flows, seen.vms),
    words.cut(cut.flows, cut.vms),
    words.opened(opened.flows, opened.vms),
    ...(unplaced.flows > 0 ? [words.unplaced(unplaced.flows)] : []),
    ...(truncated ? [words.truncated] : []),
  ];
}

export const endText = ({ vm, ip }: Simulated['src']): string => (vm === null ? ip : `${vm.name} (${ip})`);

export const ruleText = ({ rule, ruleNum }: Pick<Simulated['before'], 'rule' | 'ruleNum'>): string =>
  rule === null ? (syntheticRule(ruleNum) ?? `#${ruleNum}`) : `${rule.policy} / ${rule.name}`;
