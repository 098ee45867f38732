import { hasForbiddenCharacter, unescapeXml } from './escape.ts';
import { badXml, MAX_DEPTH, MAX_LENGTH } from './limits.ts';
import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './tree.ts';

const NAME = '[A-Za-z_\\u0080-\\uffff][A-Za-z0-9_.:\\u0080-\\uffff-]*';
// Sticky expressions without nested repetition: each looks at a character once.
const OPEN = new RegExp(`<(${NAME})`, 'y');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const OPEN_END = /(\s*)(\/?)>/y;
const CLOSE = new RegExp(`</(${NAME})(\\s*)>`, 'y');
const TEXT = /[^<]+/y;
/** Nodes that are kept as they are, by how they begin and end. */
const VERBATIM = [
  { begin: '<!--', end: '-->' },
  { begin: '<?', end: '?>' },
];
const CDATA = { begin: '<![CDATA[', end: ']]>' };

/** Parses a document. Throws `bad-xml` on malformed or oversized text, and on a DTD or entities of any kind. */
export function parseXml(text: string): XmlDocument {
  if (text.length > MAX_LENGTH) throw badXml(`longer than ${MAX_LENGTH} characters`);
  if (hasForbiddenCharacter(text)) throw badXml('a character that XML does not allow');
  return new Parser(text).document();
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlDocument {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    const prolog = this.#misc();
    const root = this.#openTag();
    if (!root) throw this.#bad('an element should begin here');
    this.#content(root);
    const epilog = this.#misc();
    if (this.#at < this.#text.length) throw this.#bad('something after the end of the document');
    return { prolog, root, epilog };
  }

  /** White space, comments and instructions outside the root. */
  #misc(): XmlNode[] {
    const nodes: XmlNode[] = [];
    for (;;) {
      const node = this.#verbatim() ?? this.#characters();
      if (!node) return nodes;
      if (node.kind === 'text' && node.raw.trim() !== '') throw this.#bad('text outside the root element');
      nodes.push(node);
    }
  }

  /** Everything up to the root's closing tag, without recursion: depth is the peer's choice. */
  #content(root: XmlElement): void {
    if (root.selfClosing) return;
    const open: XmlElement[] = [root];
    for (let current = open.at(-1); current; current = open.at(-1)) {
      if (this.#closeTag(current)) {
        open.pop();
        continue;
      }
      const node = this.#verbatim() ?? this.#cdata() ?? this.#characters() ?? this.#openTag();
      if (!node) throw this.#bad(`<${current.name}> is not closed`);
      current.children.push(node);
      if (node.kind !== 'element' || node.selfClosing) continue;
      if (open.length >= MAX_DEPTH) throw this.#bad(`elements nest deeper than ${MAX_DEPTH}`);
      open.push(node);
    }
  }

  #openTag(): XmlElement | undefined {
    const name = this.#match(OPEN)?.[1];
    if (name === undefined) return undefined;
    const attributes: XmlAttribute[] = [];
    const names = new Set<string>();
    for (let match = this.#match(ATTRIBUTE); match; match = this.#match(ATTRIBUTE)) {
      if (names.has(match[1]!)) throw this.#bad(`the attribute ${match[1]} stands twice`);
      names.add(match[1]!);
      attributes.push({ name: match[1]!, value: unescapeXml(match[2] ?? match[3]!), raw: match[0] });
    }
    const end = this.#match(OPEN_END);
    if (!end) throw this.#bad(`the tag <${name} does not end`);
    return {
      kind: 'element',
      name,
      attributes,
      tail: end[1]!,
      selfClosing: end[2] === '/',
      children: [],
      closeTail: '',
    };
  }

  #closeTag(element: XmlElement): boolean {
    const match = this.#match(CLOSE);
    if (!match) return false;
    if (match[1] !== element.name) throw this.#bad(`</${match[1]}> closes <${element.name}>`);
    element.closeTail = match[2]!;
    return true;
  }

  #verbatim(): XmlNode | undefined {
    for (const form of VERBATIM) {
      const raw = this.#delimited(form);
      if (raw !== undefined) return { kind: 'verbatim', raw };
    }
    return undefined;
  }

  #cdata(): XmlNode | undefined {
    const raw = this.#delimited(CDATA);
    if (raw === undefined) return undefined;
    return { kind: 'text', raw, value: raw.slice(CDATA.begin.length, -CDATA.end.length) };
  }

  #characters(): XmlNode | undefined {
    const raw = this.#match(TEXT)?.[0];
    return raw === undefined ? undefined : { kind: 'text', raw, value: unescapeXml(raw) };
  }

  #delimited({ begin, end }: { begin: string; end: string }): string | undefined {
    if (!this.#text.startsWith(begin, this.#at)) return undefined;
    const stop = this.#text.indexOf(end, this.#at + begin.length);
    if (stop < 0) throw this.#bad(`"${begin}" does not end`);
    const raw = this.#text.slice(this.#at, stop + end.length);
    this.#at += raw.length;
    return raw;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  #bad(what: string) {
    return badXml(this.#text.startsWith('<!DOCTYPE', this.#at) ? 'a document type is not allowed' : what, this.#at);
  }
}
