import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** The header is said, but not seen: for columns of buttons. */
  readonly headerHidden?: boolean;
  readonly cell: (row: T) => ReactNode;
  /** The cell as text: for CSV and, without `sort`, for the order. */
  readonly text: (row: T) => string;
  readonly sort?: (row: T) => string | number;
  /** False for columns of a list that the platform orders. */
  readonly sortable?: boolean;
  /** Pixels; the columns share what is left in proportion. */
  readonly width: number;
  readonly numeric?: boolean;
  /** Not shown below this width of the window. */
  readonly from?: 'md' | 'lg' | 'xl';
  /** In the column chooser, but not shown until chosen. */
  readonly extra?: boolean;
}

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

export const parseOrder = (text: string | undefined): Order | undefined =>
  text === undefined || text === '' ? undefined : { column: text.replace(/^-/, ''), descending: text.startsWith('-') };
export const writeOrder = ({ column, descending }: Order) => (descending ? `-${column}` : column);

export function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  order: Order | undefined,
  locale: string,
) {
  const column = columns.find((c) => c.id === order?.column);
  if (column === undefined || order === undefined) return rows;
  const key = column.sort ?? column.text;
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = order.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((a, b) =>
    typeof a.key === 'number' && typeof b.key === 'number'
      ? sign * (a.key - b.key)
      : sign * collator.compare(String(a.key), String(b.key)),
  );
  return keyed.map(({ row }) => row);
}

/**
 * Keeps the order that a person is looking at: rows that were there keep their places with their new content,
 * removed ones leave, and new ones wait at the end.
 */
export function keepOrder<T>(shown: readonly string[], rows: readonly T[], idOf: (row: T) => string): readonly T[] {
  const place = new Map(shown.map((id, index) => [id, index]));
  return rows
    .map((row, index) => ({ row, place: place.get(idOf(row)) ?? shown.length + index }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}
