/** What a pattern says of addresses; `others` are the parts that say something else. */
export interface PatternAddresses {
  readonly addresses: readonly string[];
  readonly others: readonly string[];
}

const TOKEN =
  /\s*(?:(\[|\]|\(|\)|,)|(=|!=|<=|>=|<|>)|'((?:[^'\\]|\\.){0,2000})'|([A-Za-z][\w-]*:[^\s=!<>(),[\]]{1,200})|([A-Za-z]+)|(t'[^']{0,60}'|[-+]?\d[\d.]{0,30}))/sy;
const MAX_TOKENS = 5000;
const MAX_DEPTH = 20;
const PATHS = /^ipv[46]-addr:value$/;

interface Token {
  readonly kind: 'mark' | 'comparison' | 'text' | 'path' | 'word' | 'number';
  readonly text: string;
}

/**
 * Addresses that a STIX 2.1 pattern (OASIS STIX 2.1, part 9) names so that meeting one of them is meeting the pattern:
 * comparisons of `ipv4-addr:value` and `ipv6-addr:value` by `=`, `IN` and `ISSUBSET`, joined by OR in one observation or
 * several. Anything that narrows (AND, NOT, FOLLOWEDBY, qualifiers) would make a block of what the author calls harmless
 * by itself, so such a pattern is not mapped: undefined. Of alternatives to addresses only the addresses are.
 */
export function addressesOf(pattern: string): PatternAddresses | undefined {
  const tokens = tokensOf(pattern);
  return tokens && createParser(tokens).pattern();
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  const token = new RegExp(TOKEN);
  while (token.lastIndex < end) {
    const [, mark, comparison, quoted, path, word, number] = token.exec(text) ?? [];
    if (token.lastIndex === 0 || tokens.length === MAX_TOKENS) return undefined;
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (comparison !== undefined) tokens.push({ kind: 'comparison', text: comparison });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/gs, '$1') });
    else if (path !== undefined) tokens.push({ kind: 'path', text: path });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toUpperCase() });
    else tokens.push({ kind: 'number', text: number! });
  }
  return tokens;
}

/** Thrown within this file where the pattern is not of the kind that is mapped. */
class NotMapped extends Error {}

function createParser(tokens: readonly Token[]) {
  let at = 0;
  const addresses: string[] = [];
  const others: string[] = [];
  const peek = () => tokens[at];
  const is = (kind: Token['kind'], text?: string) =>
    peek()?.kind === kind && (text === undefined || peek()?.text === text);
  const next = (kind: Token['kind'], text?: string): string => {
    if (!is(kind, text)) throw new NotMapped();
    return tokens[at++]!.text;
  };
  const skip = (kind: Token['kind'], text: string): boolean => {
    if (!is(kind, text)) return false;
    at++;
    return true;
  };

  /** Parts joined by OR, or one of them in parentheses. */
  function anyOf(part: (depth: number) => void, depth: number): void {
    if (depth > MAX_DEPTH) throw new NotMapped();
    do {
      if (skip('mark', '(')) {
        anyOf(part, depth + 1);
        next('mark', ')');
      } else part(depth);
    } while (skip('word', 'OR'));
  }

  function observation(depth: number): void {
    next('mark', '[');
    anyOf(comparison, depth);
    next('mark', ']');
  }

  function comparison(): void {
    const path = next('path');
    const operator = is('comparison') ? next('comparison') : next('word');
    if (operator === 'NOT') throw new NotMapped();
    const values = operands();
    if (!PATHS.test(path)) others.push(path);
    else if (operator === '=' || operator === 'IN' || operator === 'ISSUBSET') addresses.push(...values);
    else throw new NotMapped();
  }

  function operands(): string[] {
    const value = () => (is('number') ? next('number') : is('word') ? next('word') : next('text'));
    if (!skip('mark', '(')) return [value()];
    const values = [value()];
    while (skip('mark', ',')) values.push(value());
    next('mark', ')');
    return values;
  }

  return {
    pattern(): PatternAddresses | undefined {
      try {
        anyOf(observation, 0);
      } catch (error) {
        if (error instanceof NotMapped) return undefined;
        throw error;
      }
      return at === tokens.length ? { addresses, others } : undefined;
    },
  };
}
