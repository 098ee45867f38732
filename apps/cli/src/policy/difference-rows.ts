import type { Language, PolicyComparison, ReachDifference } from '@hypervigil/contract';
import { syntheticRule } from '@hypervigil/model';
import { messagesFor } from '../messages/index.ts';
import { brief, endsText, packetText } from './analysis-rows.ts';
import { harmless, printField } from './print.ts';

const SIGN = { added: '+', changed: '~', removed: '-', moved: '↕' } as const;

/** What differs, rule by rule, as a plan is printed. */
export function differenceLines({ policies, names, moreRules }: PolicyComparison, language: Language): string[] {
  const words = messagesFor(language, {}).policy;
  const named = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(named);
    return typeof value === 'string' ? (names[value] ?? value) : value;
  };
  const field = ({ field: name, ...change }: PolicyComparison['policies'][number]['fields'][number]) =>
    printField({
      field: name,
      ...('before' in change && { before: named(change.before) }),
      ...('after' in change && { after: named(change.after) }),
    });
  const lines = policies.flatMap(({ action, name, fields, rules }) => [
    `${SIGN[action]} ${words.kinds.policy} ${harmless(name)}`,
    ...fields.map((one) => `    ${field(one)}`),
    ...rules.flatMap((rule) => [
      `    ${SIGN[rule.action]} ${words.rule(rule.place)} ${harmless(rule.name)}${rule.from === undefined ? '' : ` ${words.moved(rule.from)}`}`,
      ...rule.fields.filter((one) => one.field !== 'name').map((one) => `        ${field(one)}`),
    ]),
  ]);
  if (policies.length === 0) return [words.same];
  return [...lines, ...(moreRules > 0 ? [words.moreRules(moreRules)] : []), ''];
}

/** What gets through in one and not in the other. */
export const reachDifferenceRows = ({ reach }: PolicyComparison): object[] =>
  reach.map(({ change, network, from, to, services, before, after, witness }) => ({
    change,
    network: network.name,
    from: sideText(from),
    to: sideText(to),
    services: brief(services, services.length),
    before: deciderText(before),
    after: deciderText(after),
    packet: packetText(witness),
  }));

function sideText({ groups, tenants, ...rest }: ReachDifference['from']): string {
  const wholes = [...groups, ...tenants].map(({ name }) => name);
  const left = rest.vmCount + rest.cidrCount === 0 ? [] : [endsText(rest)];
  return [...wholes, ...left].join(' ');
}

const deciderText = ({ rule, ruleNum }: ReachDifference['before']) =>
  rule === null ? syntheticRule(ruleNum) : `${rule.policy} / ${rule.name}`;
