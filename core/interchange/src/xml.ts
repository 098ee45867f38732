import { type DocumentMistake, type Read, START } from './mistake.ts';

/** Far more than any filter has, in UTF-16 units. */
const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_DEPTH = 32;

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly line: number;
}

// Sticky and without nested repetition: each looks at a character once.
const OPEN = /<([A-Za-z_][\w.:-]*)/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const OPEN_END = /\s*(\/?)>/y;
const CLOSE = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const TEXT = /[^<]+/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads the elements of an XML document with their lines, as much as configuration files need: text between elements is
 * left out, and a document type, which could define entities, is refused. Without recursion: depth is the file's choice.
 */
export function readXml(text: string): Read<XmlElement> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const lineOf = lineCounter(text);
  const refuse = (reason: string): Read<never> => {
    const mistake: DocumentMistake = { field: '', code: 'not-xml', params: { reason }, ...START, line: lineOf(at) };
    return { ok: false, mistakes: [mistake] };
  };
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found;
  };
  if (text.length > MAX_LENGTH)
    return {
      ok: false,
      mistakes: [{ field: '', code: 'file-too-large', params: { maximum: MAX_LENGTH / 1024 / 1024 }, ...START }],
    };

  const top: XmlElement[] = [];
  const open: { name: string; children: XmlElement[] }[] = [];
  while (at < text.length) {
    const aside = [
      ['<!--', '-->'],
      ['<?', '?>'],
      ['<![CDATA[', ']]>'],
    ].find(([begin = '']) => text.startsWith(begin, at));
    if (aside) {
      const end = text.indexOf(aside[1]!, at + aside[0]!.length);
      if (end < 0) return refuse(`${aside[0]} does not end`);
      at = end + aside[1]!.length;
      continue;
    }
    const line = lineOf(at);
    const close = match(CLOSE);
    if (close) {
      if (open.pop()?.name !== close[1]) return refuse(`</${close[1]}> closes nothing`);
      continue;
    }
    const name = match(OPEN)?.[1];
    if (name === undefined) {
      const between = match(TEXT);
      if (!between || (open.length === 0 && between[0].trim() !== '')) return refuse('an element should begin here');
      continue;
    }
    const attributes = new Map<string, string>();
    for (let found = match(ATTRIBUTE); found; found = match(ATTRIBUTE))
      attributes.set(found[1]!, decode(found[2] ?? found[3]!));
    const end = match(OPEN_END);
    if (!end) return refuse(`the tag <${name} does not end`);
    const children: XmlElement[] = [];
    (open.at(-1)?.children ?? top).push({ name, attributes, children, line });
    if (end[1] === '/') continue;
    if (open.push({ name, children }) > MAX_DEPTH) return refuse(`elements nest deeper than ${MAX_DEPTH}`);
  }
  const [root, second] = top;
  if (open.length > 0) return refuse(`<${open.at(-1)!.name}> is not closed`);
  return root && !second ? { ok: true, value: root } : refuse('there must be one element around everything');
}

const decode = (text: string) =>
  text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|(\w{1,5}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });

/** Lines in the order in which they are asked for, so that a large file is counted through once. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', counted); next >= 0 && next < offset; next = text.indexOf('\n', counted)) {
      line++;
      counted = next + 1;
    }
    return line;
  };
}
