import { type api, findingText, type Language, type ResponseOf, violationText } from '@hypervigil/contract';
import { syntheticRule } from '@hypervigil/model';
import { serviceText } from './service-text.ts';

type Answer<Operation extends keyof typeof api> = ResponseOf<(typeof api)[Operation]>;
type Reach = Answer<'reachPolicy'>['items'][number];

export const findingRows = ({ items }: Answer<'analysePolicy'>, language: Language): object[] =>
  items.map((finding) => ({
    policy: finding.rule.policy,
    rule: finding.rule.name,
    finding: findingText(language, finding),
    packet: packetText(finding.witness),
  }));

export const reachRows = ({ items }: Answer<'reachPolicy'>): object[] =>
  items.map(({ verdict, rule, ruleNum, network, from, to, services, witness }) => ({
    verdict,
    rule: rule === null ? syntheticRule(ruleNum) : `${rule.policy} / ${rule.name}`,
    network: network.name,
    from: endsText(from),
    to: endsText(to),
    services: brief(services, services.length),
    packet: packetText(witness),
  }));

/** Pairs that share no network say nothing about policy. */
export const matrixRows = ({ groups, items }: Answer<'policyMatrix'>): object[] =>
  items
    .filter(({ allowed }) => allowed !== 'apart')
    .map(({ from, to, allowed, services, witness }) => ({
      from: groups[from]?.name,
      to: groups[to]?.name,
      allowed,
      services: brief(services, services.length),
      packet: packetText(witness),
    }));

export const assertionRows = ({ items }: Answer<'listAssertions'>, language: Language): object[] =>
  items.map(({ violation, ...assertion }) => ({
    ...assertion,
    finding: violation && violationText(language, violation),
  }));

export const checkRows = ({ items }: Answer<'checkAssertions'>, language: Language): object[] =>
  items.map(({ assertion, state, violation }) => ({
    assertion: assertion.name,
    state,
    owner: assertion.owner,
    finding: violation && violationText(language, violation),
  }));

const PLACES = 4;

export function brief(texts: readonly string[], count: number): string {
  const shown = texts.slice(0, PLACES);
  return [...shown, ...(count > shown.length ? [`+${count - shown.length}`] : [])].join(' ');
}

export const endsText = ({ vms, vmCount, cidrs, cidrCount }: Reach['from']): string =>
  brief([...vms.map(({ name }) => name), ...cidrs], vmCount + cidrCount);

export const packetText = (packet: Reach['witness'] | null): string =>
  packet === null ? '-' : `${packet.src} → ${packet.dst} ${serviceText(packet)}`;
