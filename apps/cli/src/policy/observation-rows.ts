import type { Language, PolicyObservation, PublishProgress } from '@hypervigil/contract';
import { messagesFor } from '../messages/index.ts';
import { serviceText } from './service-text.ts';
import { endText, ruleText } from './traffic-rows.ts';

export const observationRows = ({ items }: PolicyObservation): object[] =>
  items.map((turn) => ({
    change: `${turn.before.verdict} → ${turn.now.verdict}`,
    from: endText(turn.src),
    to: endText(turn.dst),
    service: serviceText(turn),
    connections: turn.flows,
    lastSeen: turn.lastAt,
    oldRule: ruleText(turn.before),
    newRule: ruleText(turn.now),
    revision: turn.now.revision,
  }));

export function observationSummary(answer: PolicyObservation, language: Language): string[] {
  const { revision, publishedAt, publishedBy, comment, from, denied, allowed, firstHits, truncated, hosts } = answer;
  const { observation, traffic } = messagesFor(language, {});
  const confirmed = hosts.filter(({ state }) => state === 'confirmed').length;
  return [
    observation.published(revision, publishedAt, publishedBy, comment),
    observation.hosts(confirmed, hosts.length),
    ...hosts.flatMap(({ host, state, error }) =>
      state === 'confirmed' ? [] : [observation[state](host.name, error ?? '')],
    ),
    ...(from === null ? [observation.nothingBefore] : []),
    observation.denied(denied.talks, denied.flows, denied.vms),
    observation.allowed(allowed.talks, allowed.flows, allowed.vms),
    ...firstHits.map(({ rule, flows }) => observation.firstHit(rule.policy, rule.name, flows)),
    ...(truncated ? [traffic.truncated] : []),
    ...(denied.talks > 0 && answer.nextRevision === null ? [observation.rollBack] : []),
  ];
}

export const progressRows = ({ hosts }: PublishProgress): object[] =>
  hosts.map(({ host, ...said }) => ({ host: host.name, ...said }));
