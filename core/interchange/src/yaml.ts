import { Composer, CST, type Document, isMap, isNode, isScalar, isSeq, Lexer, Parser, visit } from 'yaml';
import { type DocumentMistake, type FileMistake, type Place, type Read, START } from './mistake.ts';

/** No policy is larger: 10,000 rules are about 2 MiB. In UTF-16 units, as strings count. */
const MAX_LENGTH = 4 * 1024 * 1024;
/** Levels of nesting. A policy's deepest field, a port of a service of a rule, is at 8. */
const MAX_DEPTH = 32;
/** More mistakes than anybody mends at once help nobody. */
const MAX_MISTAKES = 20;

/** One document of a YAML stream, and where its parts stand. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where a field such as `rules.2.action` stands; for one that is missing, what it is missing in. */
  placeOf(field: string): Place;
}

/**
 * Reads a stream of YAML 1.2 (of which JSON is a part). Bounded in size and depth. Anchors, aliases and tags are
 * refused: a policy needs none, and they are how a small file becomes a large one or a value another than it looks.
 */
export function readYaml(text: string): Read<readonly YamlDocument[]> {
  const placeAt = lineIndex(text);
  const refuse = (offset: number, mistake: FileMistake): Read<never> => ({
    ok: false,
    mistakes: [{ ...mistake, ...placeAt(offset) }],
  });
  if (text.length > MAX_LENGTH)
    return refuse(0, { field: '', code: 'file-too-large', params: { maximum: MAX_LENGTH / 1024 / 1024 } });

  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const kind: CST.TokenType | null = inScalar ? null : CST.tokenType(lexeme);
    if (kind === 'anchor' || kind === 'alias')
      return refuse(parser.offset, { field: '', code: 'no-anchors', params: {} });
    if (kind === 'tag') return refuse(parser.offset, { field: '', code: 'no-tags', params: {} });
    inScalar = kind === 'scalar';
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error')
        return refuse(token.offset, { field: '', code: 'not-yaml', params: { reason: token.message } });
      tokens.push(token);
    }
    if (parser.stack.length > MAX_DEPTH)
      return refuse(parser.offset, { field: '', code: 'too-deep', params: { maximum: MAX_DEPTH } });
  }
  for (const token of parser.end()) tokens.push(token);

  // The library looks for keys that stand twice by comparing each with each: a large map would take minutes.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, keepSourceTokens: false });
  const documents: Document[] = [...composer.compose(tokens, false, text.length)];
  const mistakes = documents.flatMap((document) => [...syntaxMistakes(document, placeAt), ...twice(document, placeAt)]);
  if (mistakes.length > 0) return { ok: false, mistakes: mistakes.slice(0, MAX_MISTAKES) };
  return {
    ok: true,
    value: documents
      .filter(({ contents }) => contents !== null)
      .map((document) => ({
        value: document.toJS(),
        placeOf: (field) => placeAt(offsetOf(document.contents, field)),
      })),
  };
}

function syntaxMistakes({ errors }: Document, placeAt: (offset: number) => Place): DocumentMistake[] {
  return errors
    .slice(0, MAX_MISTAKES)
    .map(({ message, pos }) => ({ field: '', code: 'not-yaml', params: { reason: message }, ...placeAt(pos[0]) }));
}

function twice(document: Document, placeAt: (offset: number) => Place): DocumentMistake[] {
  const mistakes: DocumentMistake[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? String(key.value) : key;
        const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
        if (!isScalar(key))
          mistakes.push({ field: '', code: 'not-yaml', params: { reason: 'A key must be text' }, ...placeAt(offset) });
        else if (seen.has(name))
          mistakes.push({ field: '', code: 'key-twice', params: { key: String(name) }, ...placeAt(offset) });
        seen.add(name);
      }
      return mistakes.length > MAX_MISTAKES ? visit.BREAK : undefined;
    },
  });
  return mistakes;
}

/** Follows a field's path as far as it leads. Keys may hold dots themselves, so a map is asked for the longest that fits. */
function offsetOf(root: unknown, field: string): number {
  let node = root;
  let offset = isNode(root) ? (root.range?.[0] ?? 0) : 0;
  let rest = field;
  while (rest !== '') {
    if (isMap(node)) {
      const pair = node.items
        .filter(({ key }) => isScalar(key) && (rest === String(key.value) || rest.startsWith(`${key.value}.`)))
        .sort((a, b) => String(b.key).length - String(a.key).length)[0];
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      rest = rest.slice(String(pair.key.value).length + 1);
      node = pair.value;
    } else if (isSeq(node)) {
      const [index = ''] = rest.split('.', 1);
      node = node.items[Number(index)];
      if (!isNode(node)) break;
      offset = node.range?.[0] ?? offset;
      rest = rest.slice(index.length + 1);
    } else break;
  }
  return offset;
}

function lineIndex(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + START.column };
  };
}
