import { alertText, alertTitle, type Language, notificationWords } from '@hypervigil/contract';
import { type AlertMessage, type DigestMessage, isAlert, type Message } from './message.ts';

/** A message as people read it: plain text, each line without control characters. */
export interface MessageText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly link: string;
  /** What the link is called. */
  readonly open: string;
}

/** In the words of the console. */
export function textOf(language: Language, message: Message): MessageText {
  const words = notificationWords(language);
  const [title, lines] = isAlert(message)
    ? ofAlert(language, message)
    : message.event === 'digest'
      ? ofDigest(language, message)
      : [words.testTitle, [words.test(message.route)]];
  return { title: plain(title), lines: lines.map(plain), link: message.link, open: words.open };
}

function ofAlert(language: Language, { event, alert, tenant, question }: AlertMessage): [string, string[]] {
  const words = notificationWords(language);
  const { title: what, seen, expected, reason } = alertText(language, alert);
  const { vmName: vm, side, severity, peers, technique, firstAt, lastAt, count, resolution } = alert;
  return [
    words.title({ event: words.events[event], severity: words.severities[severity], what, vm }),
    [
      ...(question === undefined ? [] : [words.question(question.text)]),
      ...(question?.answer === undefined
        ? []
        : [words.answer({ answer: words.answers[question.answer], said: question.said ?? '' })]),
      ...(resolution === null ? [] : [words.resolutions[resolution]]),
      words.seen(seen),
      words.expected(expected),
      words.reason(reason),
      words.vm({ vm, tenant: tenant?.name ?? null, side }),
      ...(peers.length === 0 ? [] : [words.peers(peers.map(({ ip }) => ip))]),
      words.technique(technique),
      words.times({ first: shown(firstAt), last: shown(lastAt), count }),
    ],
  ];
}

function ofDigest(language: Language, digest: DigestMessage): [string, string[]] {
  const words = notificationWords(language);
  const parts = digest.parts.map(({ code, severity, count }) =>
    words.digestPart({ count, severity: words.severities[severity], what: alertTitle(language, code) }),
  );
  return [
    words.digestTitle(digest.count),
    [words.digest({ ...digest, from: shown(digest.from), to: shown(digest.to) }), ...parts],
  ];
}

/** To the second: readers of a chat have no time zone that we know. */
const shown = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')} UTC`;

/** VMs and names in DNS are called as others like: nothing of it may end a line or turn the direction of what follows. */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .slice(0, 1000);
