import { type SelectQueryBuilder, sql } from 'kysely';
import { badField } from '../errors.ts';
import type { Tables } from './tables.ts';

export interface ListInput {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
}

export interface ListOf<T> {
  items: T[];
  total: number;
  next: string | null;
}

/** A page of what a query finds, in the order of names, and how many there are in all. */
export async function listByName<TB extends keyof Tables, R extends { id: string; name: string }, T>(
  found: SelectQueryBuilder<Tables, TB, R>,
  input: ListInput,
  toItem: (row: R) => T,
): Promise<ListOf<T>> {
  const sorted = (after: Position) =>
    found
      .$if(after !== undefined, (b) => b.where(sql<boolean>`(name, id) > (${after![0]}, ${after![1]}::uuid)`))
      .orderBy(sql`name`)
      .orderBy(sql`id`);
  return listSorted(found, sorted, input, (row) => [row.name, row.id], toItem);
}

/** A page of what a query finds, the newest first, and how many there are in all. */
export async function listNewest<TB extends keyof Tables, R extends { id: string; created_at: Date }, T>(
  found: SelectQueryBuilder<Tables, TB, R>,
  input: ListInput,
  toItem: (row: R) => T,
): Promise<ListOf<T>> {
  const sorted = (after: Position) =>
    found
      // In the cursor the time has the database's microseconds, which a JavaScript date would cut off.
      .select(sql<string>`created_at::text`.as('created'))
      .$if(after !== undefined, (b) =>
        b.where(sql<boolean>`(created_at, id) < (${after![0]}::timestamptz, ${after![1]}::uuid)`),
      )
      .orderBy(sql`created_at`, 'desc')
      .orderBy(sql`id`, 'desc');
  return listSorted(found, sorted, input, (row) => [row.created, row.id], toItem);
}

/** The sort key of the row after which a page begins; undefined begins at the first. */
type Position = readonly [string, string] | undefined;

async function listSorted<TB extends keyof Tables, R, S, T>(
  found: SelectQueryBuilder<Tables, TB, R>,
  sorted: (after: Position) => SelectQueryBuilder<Tables, TB, S>,
  { limit, cursor }: ListInput,
  keyOf: (row: S) => readonly string[],
  toItem: (row: S) => T,
): Promise<ListOf<T>> {
  const rows = sorted(decodeCursor(cursor, ['string', 'string'])).limit(limit + 1);
  const [total, page] = await Promise.all([countOf(found), rows.execute()]);
  return { ...pageOf(page as S[], limit, keyOf, toItem), total };
}

async function countOf<TB extends keyof Tables, R>(found: SelectQueryBuilder<Tables, TB, R>): Promise<number> {
  const count = found.clearSelect().select((e) => e.fn.countAll<number>().as('total'));
  return (await count.executeTakeFirstOrThrow()).total;
}

/** Rows whose name has this text in it; all of them when nothing is searched. */
export const namedLike = (q: string | undefined) =>
  q === undefined ? sql<boolean>`true` : sql<boolean>`name ilike ${contains(q)}`;

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
