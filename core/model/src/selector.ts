/**
 * What a group asks of a VM's tags, as people type it:
 *
 *     app=web and not (env=test or env=staging)
 *
 * `key=value` is a tag with that value, `key` a tag with any. `not` binds closest, then `and`, then `or`; keywords in
 * either case. Whatever is not made of letters, digits and `. _ - / : @ +`, or is a keyword, stands in double quotes,
 * with `\` before a quote or backslash of its own. Empty text is no selector: it finds nobody.
 */
export type Selector =
  /** A null value is any. */
  | { readonly op: 'has'; readonly key: string; readonly value: string | null }
  | { readonly op: 'not'; readonly of: Selector }
  | { readonly op: 'and' | 'or'; readonly of: readonly Selector[] };

/** Characters of a selector; a list of 50 tags at their longest fits in. */
export const SELECTOR_LENGTH = 32_768;
/** Parentheses and `not` within each other. */
export const SELECTOR_DEPTH = 16;

/** What could have stood at a place where something else stands. */
export const SELECTOR_EXPECTATIONS = ['term', 'operator', 'operator-or-close', 'value', 'end-quote'] as const;
export type SelectorExpectation = (typeof SELECTOR_EXPECTATIONS)[number];

export type SelectorMistake =
  /** `at` is a character's place, from 1. */
  | { readonly code: 'selector-syntax'; readonly params: { at: number; wanted: SelectorExpectation } }
  | { readonly code: 'selector-too-deep'; readonly params: { at: number; maximum: number } }
  | { readonly code: 'too-long'; readonly params: { maximum: number } };

export type ParsedSelector = { readonly selector: Selector | null } | { readonly mistake: SelectorMistake };

/** Takes any text whatever; the time is in proportion to its length. */
export function parseSelector(text: string): ParsedSelector {
  if (text.length > SELECTOR_LENGTH) return { mistake: { code: 'too-long', params: { maximum: SELECTOR_LENGTH } } };
  try {
    return { selector: createParser(text).whole() };
  } catch (error) {
    if (error instanceof Refusal) return { mistake: error.mistake };
    throw error;
  }
}

/**
 * The selector of text that was checked before.
 * @throws RangeError for text that is not a selector
 */
export function selectorOf(text: string): Selector | null {
  const parsed = parseSelector(text);
  if ('mistake' in parsed) throw new RangeError(`not a selector (${parsed.mistake.code}): ${text.slice(0, 100)}`);
  return parsed.selector;
}

/** The one text of a selector: single spaces, no parentheses or quotes that say nothing. Its parse is the selector. */
export function printSelector(selector: Selector | null): string {
  return selector === null ? '' : print(selector, 'or');
}

/** Whether a VM with these tags is meant. */
export function selects(selector: Selector, tags: Readonly<Record<string, string>>): boolean {
  switch (selector.op) {
    case 'has':
      return Object.hasOwn(tags, selector.key) && (selector.value === null || tags[selector.key] === selector.value);
    case 'not':
      return !selects(selector.of, tags);
    case 'and':
      return selector.of.every((one) => selects(one, tags));
    case 'or':
      return selector.of.some((one) => selects(one, tags));
  }
}

/** VMs that have all of some tags; none asks for nobody. */
export function allOfTags(tags: Readonly<Record<string, string>>): Selector | null {
  const tests = Object.entries(tags).map(([key, value]): Selector => ({ op: 'has', key, value }));
  return tests.length === 0 ? null : joined('and', tests);
}

const BARE = /^[\p{L}\p{N}\p{M}._\-/:@+]+$/u;
const KEYWORD = /^(?:and|or|not)$/i;

function print(selector: Selector, within: 'or' | 'and' | 'not'): string {
  switch (selector.op) {
    case 'has':
      return selector.value === null ? quoted(selector.key) : `${quoted(selector.key)}=${quoted(selector.value)}`;
    case 'not':
      return `not ${print(selector.of, 'not')}`;
    case 'and': {
      const text = selector.of.map((one) => print(one, 'and')).join(' and ');
      return within === 'not' ? `(${text})` : text;
    }
    case 'or': {
      const text = selector.of.map((one) => print(one, 'or')).join(' or ');
      return within === 'or' ? text : `(${text})`;
    }
  }
}

const quoted = (word: string): string =>
  BARE.test(word) && !KEYWORD.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;

class Refusal extends Error {
  readonly mistake: SelectorMistake;
  constructor(mistake: SelectorMistake) {
    super(mistake.code);
    this.mistake = mistake;
  }
}

interface Token {
  readonly kind: 'word' | 'and' | 'or' | 'not' | '(' | ')' | '=' | 'end' | 'unknown';
  readonly text: string;
  /** Place of its first character, from 0. */
  readonly at: number;
  readonly end: number;
}

/** Parts of a text, in turn: space, a word, a quoted word with or without its end, a sign. */
const TOKEN = /(\s+)|([\p{L}\p{N}\p{M}._\-/:@+]+)|"((?:[^"\\]|\\["\\])*)("?)|([()=])/uy;

function tokenAt(text: string, start: number): Token {
  let at = start;
  for (;;) {
    TOKEN.lastIndex = at;
    const [whole = '', space, bare, inQuotes, endQuote, sign] = TOKEN.exec(text) ?? [];
    const end = at + whole.length;
    if (space !== undefined) {
      at = end;
      continue;
    }
    if (bare !== undefined) {
      const kind = KEYWORD.test(bare) ? (bare.toLowerCase() as 'and' | 'or' | 'not') : 'word';
      return { kind, text: bare, at, end };
    }
    if (inQuotes !== undefined) {
      if (endQuote !== '"') throw syntax(end, 'end-quote');
      return { kind: 'word', text: inQuotes.replace(/\\(.)/g, '$1'), at, end };
    }
    if (sign !== undefined) return { kind: sign as '(' | ')' | '=', text: sign, at, end };
    return { kind: at >= text.length ? 'end' : 'unknown', text: '', at, end: at };
  }
}

const syntax = (at: number, wanted: SelectorExpectation): Refusal =>
  new Refusal({ code: 'selector-syntax', params: { at: at + 1, wanted } });

function createParser(text: string) {
  let token = tokenAt(text, 0);
  let depth = 0;

  const is = (kind: Token['kind']): boolean => token.kind === kind;

  function take(): Token {
    const taken = token;
    token = tokenAt(text, taken.end);
    return taken;
  }

  function deeper<T>(parse: () => T): T {
    if (++depth > SELECTOR_DEPTH)
      throw new Refusal({ code: 'selector-too-deep', params: { at: token.at + 1, maximum: SELECTOR_DEPTH } });
    const found = parse();
    depth--;
    return found;
  }

  function list(op: 'and' | 'or', part: () => Selector): Selector {
    const parts = [part()];
    while (is(op)) {
      take();
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : joined(op, parts);
  }

  const any = (): Selector => list('or', () => list('and', term));

  function term(): Selector {
    if (is('not')) {
      take();
      const of = deeper(term);
      return of.op === 'not' ? of.of : { op: 'not', of };
    }
    if (is('(')) {
      take();
      const inside = deeper(any);
      if (!is(')')) throw syntax(token.at, 'operator-or-close');
      take();
      return inside;
    }
    if (!is('word') || token.text === '') throw syntax(token.at, 'term');
    const key = take().text;
    if (!is('=')) return { op: 'has', key, value: null };
    take();
    if (!is('word')) throw syntax(token.at, 'value');
    return { op: 'has', key, value: take().text };
  }

  return {
    whole(): Selector | null {
      if (is('end')) return null;
      const found = any();
      if (!is('end')) throw syntax(token.at, 'operator');
      return found;
    },
  };
}

/** `a and (b and c)` is `a and b and c`. */
function joined(op: 'and' | 'or', parts: readonly Selector[]): Selector {
  const [only] = parts;
  if (parts.length === 1) return only!;
  return { op, of: parts.flatMap((one) => (one.op === op ? one.of : [one])) };
}
