import { CST, isCollection, isMap, isPair, isSeq, Lexer, Document as YamlText } from 'yaml';
import { brief } from './brief.ts';
import { canonicalDocument } from './canonical.ts';
import { PolicyDocument } from './schema.ts';

/** A list or map of more characters than this is written over several lines. */
const WIDTH = 100;

/**
 * The document as YAML in its one canonical form: equal documents are equal text, and a small change is a small diff.
 * Fields that have their default are left out.
 * @param comment stands above it, line by line
 */
export function writeDocument(document: PolicyDocument, comment?: string): string {
  const text = new YamlText(brief(canonicalDocument(document), PolicyDocument), { aliasDuplicateObjects: false });
  if (comment !== undefined) text.commentBefore = comment.replace(/^/gm, ' ');
  fold(text.contents);
  return tidy(text.toString({ lineWidth: 0 }));
}

/** What stands in one line: a short list or map within a group or a rule; never what has a name of its own. */
function fold(node: unknown, isRoot = true): void {
  if (!isCollection(node)) return;
  const isRow = isRoot || (isMap(node) ? node.has('name') : isSeq(node) && node.items.some(isMap));
  if (!isRow && JSON.stringify(node).length <= WIDTH) node.flow = true;
  else for (const item of node.items) fold(isPair(item) ? item.value : item, false);
}

/** `[a, b]` and `{ c: d }`, as formatters of YAML write it; the library pads both or neither. */
function tidy(text: string): string {
  const kept: string[] = [];
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const isMark = !inScalar && (lexeme === CST.SCALAR || lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END);
    if (!inScalar && lexeme === ']' && kept.at(-1) === ' ') kept.pop();
    if (!isMark && !(lexeme === ' ' && kept.at(-1) === '[')) kept.push(lexeme);
    inScalar = !inScalar && lexeme === CST.SCALAR;
  }
  return kept.join('');
}
