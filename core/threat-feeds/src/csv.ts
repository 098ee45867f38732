import { FeedError } from './errors.ts';
import type { Basket } from './harvest.ts';

const MAX_FIELDS = 1000;
const MAX_FIELD = 10_000;
const SEPARATORS = [',', ';', '\t'] as const;

/**
 * One column of a file as RFC 4180 describes it; the separator may also be a semicolon or a tabulator, whichever the first
 * line has most of. Lines that begin with `#` are comments, and the last one before the data may be the header (abuse.ch).
 * @param column a name of the header, or a number from 1
 * @throws FeedError `not-csv` for a quote that is not closed or a row without end, `no-column`
 */
export function readCsv(text: string, column: string, basket: Basket): void {
  let place: number | undefined = /^\d{1,4}$/.test(column) ? Number(column) - 1 : undefined;
  const separator = separatorOf(text);
  for (const { fields, line } of rowsOf(text, separator)) {
    const isComment = fields[0]!.startsWith('#');
    if (place === undefined) {
      const names = fields.map((name, i) => (i === 0 ? name.replace(/^#\s*/, '').replace(/^"|"$/g, '') : name).trim());
      const found = names.findIndex((name) => name.toLowerCase() === column.toLowerCase());
      if (found >= 0) place = found;
      else if (!isComment) throw new FeedError('no-column', { column });
      continue;
    }
    if (isComment || (fields.length === 1 && fields[0]!.trim() === '')) continue;
    const field = fields[place]?.trim();
    if (field) basket.take(field, String(line));
    else basket.leaveOut('no-address', fields.join(separator), String(line));
  }
  if (place === undefined) throw new FeedError('no-column', { column });
}

function separatorOf(text: string): string {
  const end = text.search(/\n(?!#)/);
  const first = text.slice(0, Math.min(end < 0 ? text.length : end, MAX_FIELD));
  const count = (separator: string) => first.split(separator).length;
  return SEPARATORS.reduce((best, one) => (count(one) > count(best) ? one : best));
}

function* rowsOf(text: string, separator: string): Iterable<{ fields: string[]; line: number }> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const begin = line;
    const fields: string[] = [];
    for (let isRowOpen = true; isRowOpen; ) {
      const { field, end } = fieldAt(text, at, separator, begin);
      fields.push(field);
      if (fields.length > MAX_FIELDS) throw new FeedError('not-csv', { line: begin });
      line += text.slice(at, end).split('\n').length - 1;
      isRowOpen = text[end] === separator;
      at = end + 1;
    }
    line++;
    yield { fields, line: begin };
  }
}

/** The field that begins at a place, and where it ends: at a separator, a line's end or the text's. */
function fieldAt(text: string, at: number, separator: string, line: number): { field: string; end: number } {
  let field = '';
  let end = at;
  while (text[end] === '"' && end - at < MAX_FIELD) {
    const close = text.indexOf('"', end + 1);
    if (close < 0) throw new FeedError('not-csv', { line });
    // Two quotes within quotes are one.
    field += (field === '' && end === at ? '' : '"') + text.slice(end + 1, close);
    end = close + 1;
  }
  const isQuoted = end > at;
  while (end < text.length && text[end] !== separator && text[end] !== '\n') {
    if (end - at > MAX_FIELD) throw new FeedError('not-csv', { line });
    end++;
  }
  if (field.length > MAX_FIELD) throw new FeedError('not-csv', { line });
  return { field: isQuoted ? field : text.slice(at, end).replace(/\r$/, ''), end };
}
