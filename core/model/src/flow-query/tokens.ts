/** A part of a filter's text. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end' | 'unknown' | 'open-quote';
  /** Of a quoted word, what stands between the quotes. */
  readonly text: string;
  /** Places of its first character and of the one behind it, from 0. */
  readonly at: number;
  readonly end: number;
}

const WORD = String.raw`[\p{L}\p{N}\p{M}._\-/:@+%]+`;
/** Parts of a text, in turn: space, a word, a quoted word with or without its end, a sign. */
const TOKEN = new RegExp(String.raw`(\s+)|(${WORD})|"((?:[^"\\]|\\["\\])*)("?)|(!=|<=|>=|[=<>(),])`, 'uy');
const BARE = new RegExp(`^${WORD}$`, 'u');
const KEYWORD = /^(?:and|or|not|in|contains|prefix|none)$/i;

/** All of them, the end last. Takes any text whatever. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const [whole = '', space, word, inQuotes, endQuote, sign] = TOKEN.exec(text) ?? [];
    const end = at + whole.length;
    if (space === undefined) {
      if (word !== undefined) tokens.push({ kind: 'word', text: word, at, end });
      else if (inQuotes !== undefined)
        tokens.push({
          kind: endQuote === '"' ? 'quoted' : 'open-quote',
          text: inQuotes.replace(/\\(.)/gs, '$1'),
          at,
          end,
        });
      else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at, end });
      else {
        // What comes behind has no meaning any more.
        tokens.push({ kind: 'unknown', text: '', at, end: at });
        return tokens;
      }
    }
    at = end;
  }
  tokens.push({ kind: 'end', text: '', at, end: at });
  return tokens;
}

/** A value as it stands in a filter. */
export const quoted = (value: string): string =>
  BARE.test(value) && !KEYWORD.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;

export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && token.text.toLowerCase() === word;
