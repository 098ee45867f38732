import type {
  Alert,
  AlertCode,
  ApiErrorBody,
  DeliveryProblem,
  Denial,
  FeedProblem,
  FieldMistake,
  FlowFieldName,
  HostFirewallProblem,
  LeftOut,
  Problem,
  Task,
  ViolationParams,
} from '@hypervigil/model';
import type { AssertionViolation } from '../assertions.ts';
import type { PolicyFinding } from '../policy-analysis.ts';
import { en } from './en.ts';
import type { FindingParams, NotificationWords, Words } from './words.ts';
import { zh } from './zh.ts';

export type Language = 'en' | 'zh';
const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** What the codes of an answer are called: a newer platform may have some that we have no words for. */
type Sayings = Readonly<Record<string, ((params: never) => string) | undefined>>;

function say(sayings: Sayings, code: string, params: unknown): string | undefined {
  return Object.hasOwn(sayings, code) ? sayings[code]?.(params as never) : undefined;
}

/** An error of the API as a sentence. Its problems are said one by one with {@link problemText}. */
export const errorText = (
  language: Language,
  { code, params, message }: Omit<ApiErrorBody, 'requestId' | 'problems'>,
) => say(WORDS[language].errors, code, params) ?? message;

/** What is wrong with a field, as a sentence that does not name the field. */
export const problemText = (language: Language, { code, params, message }: Omit<Problem, 'field'>) =>
  say(WORDS[language].problems, code, params) ?? message;

/** Why a task failed. For most of libvirt's own reasons there are libvirt's words only. */
export const taskErrorText = (language: Language, { code, message }: NonNullable<Task['error']>) =>
  say(WORDS[language].tasks, code, undefined) ?? message;

/** Why a host does not enforce the policy of its firewall that it was last given. */
export const firewallText = (language: Language, { code, params }: HostFirewallProblem) =>
  say(WORDS[language].firewall, code, params) ?? code;

/** Why a threat set could not be refreshed. */
export const feedText = (language: Language, { code, params }: FeedProblem) =>
  say(WORDS[language].feeds, code, params) ?? code;

/** Why entries of a feed were left out. */
export const leftOutText = (language: Language, { reason }: Pick<LeftOut, 'reason'>) =>
  say(WORDS[language].leftOut, reason, undefined) ?? reason;

/** Why a person may not do something. */
export const denialText = (language: Language, denial: Denial) =>
  say(WORDS[language].denials, denial, undefined) ?? denial;

/** What is wrong with a rule. */
export function findingText(language: Language, { code, reason, others, otherCount, observed }: PolicyFinding): string {
  const more = otherCount - others.length;
  const names = [...others.map(({ name }) => name), ...(more > 0 ? [`+${more}`] : [])];
  const params: FindingParams = {
    others: names.join(language === 'zh' ? '、' : ', '),
    days: observed?.days ?? 0,
    since: observed?.since.slice(0, 10) ?? '',
  };
  return say(WORDS[language].findings, `${code}.${reason}`, params) ?? code;
}

/** A packet that an assertion speaks against: who reaches whom, or does not, on what and by which rule. */
export function violationText(language: Language, violation: AssertionViolation): string {
  return WORDS[language].violations[violation.verdict](violationParams(violation));
}

/** The same as the parameters of its words. */
export function violationParams({ rule, from, to, packet }: AssertionViolation): ViolationParams {
  const { src, dst, protocol, port, icmpType, icmpCode } = packet;
  const end = (vm: AssertionViolation['from'], address: string) => (vm === null ? address : `${vm.name} (${address})`);
  const details = [port, icmpType, icmpCode].filter((one) => one !== null);
  const service = [PROTOCOLS[protocol] ?? `ip/${protocol}`, ...details].join('/');
  return { from: end(from, src), to: end(to, dst), service, policy: rule?.policy ?? '', rule: rule?.name ?? '' };
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

/** What a field of the language of flow filters is. */
export const flowFieldText = (language: Language, field: FlowFieldName): string => WORDS[language].flowFields[field];

/** What is wrong on the way of flows. */
export const flowTroubleText = (language: Language, trouble: keyof Words['flowTroubles']): string =>
  WORDS[language].flowTroubles[trouble];

/** What alerts of a kind are called. */
export const alertTitle = (language: Language, code: AlertCode): string => WORDS[language].alerts.titles[code];

/** What an alert is called, what was expected and what was seen, and why it is so severe. */
export function alertText(
  language: Language,
  { code, expected, seen, reason }: Pick<Alert, 'code' | 'expected' | 'seen' | 'reason'>,
): AlertText {
  const words = WORDS[language].alerts;
  return {
    title: words.titles[code],
    expected: words.expected[code](expected),
    seen: words.seen[code](seen),
    reason: words.reasons[reason],
  };
}
interface AlertText {
  readonly title: string;
  readonly expected: string;
  readonly seen: string;
  readonly reason: string;
}

/** Why a message about an alert did not arrive. */
export const deliveryText = (language: Language, { code, params }: DeliveryProblem) =>
  say(WORDS[language].notifications.problems, code, params) ?? code;

/** What messages about alerts are made of. */
export const notificationWords = (language: Language): NotificationWords => WORDS[language].notifications;

/** What a policy that was learnt from flows says of itself. */
export const recommendationText = (language: Language) => WORDS[language].recommendation;

/** Why a revision was published that brings an earlier one back. */
export const rollbackText = (language: Language, revision: number) => WORDS[language].rollback({ revision });

/** A mistake with its words. */
export function problemOf(language: Language, { field, code, params }: FieldMistake): Problem {
  const message = problemText(language, { code, params, message: code });
  return { field, code, params, message };
}

/** The language of an `Accept-Language` (RFC 9110, 12.5.4) that we speak and the reader likes best; else English. */
export function languageOf(accept: string | undefined): Language {
  const liked = (accept ?? '')
    .slice(0, 1000)
    .split(',')
    .map((range) => {
      const [tag = '', weight] = range.split(';').map((part) => part.trim().toLowerCase());
      const q = weight === undefined ? 1 : Number(weight.replace(/^q=/, ''));
      return { language: tag.split('-')[0]!, q };
    })
    .filter(({ language, q }) => (language === 'zh' || language === 'en') && q > 0)
    .sort((a, b) => b.q - a.q);
  return liked[0]?.language === 'zh' ? 'zh' : 'en';
}
