import { badField } from '../errors.ts';

/** A cursor is the sort key of the last row that was given: rows that come or go in between shift nothing. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws ApiFailure `invalid-request` when it is not a cursor of a list with these key types */
export function decodeCursor<const T extends readonly ('string' | 'number')[]>(
  cursor: string | undefined,
  types: T,
): { [K in keyof T]: T[K] extends 'string' ? string : number } | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(Buffer.from(cursor, 'base64url').toString());
  const fits = Array.isArray(key) && key.length === types.length && key.every((part, i) => typeof part === types[i]);
  if (!fits) throw badField('cursor', { code: 'not-a-cursor', params: {} });
  return key as never;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Given one row more than asked: the page, and the cursor of the next one if there is one. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  keyOf: (row: R) => readonly (string | number)[],
  toItem: (row: R) => T,
): { items: T[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(toItem),
    next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

/** `q` as an ILIKE pattern that finds it literally anywhere. */
export function contains(q: string): string {
  return `%${q.replace(/[\\%_]/g, '\\$&')}%`;
}
