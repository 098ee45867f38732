import type { FlowEnd } from '@hypervigil/model';
import { badRow } from '../errors.ts';
import { type AddressCells, addressCells } from './address-cells.ts';
import { bitsCells, type Cells, type FixedCells, textCells, wholeCells } from './cells.ts';

/** Each engine has a type of its own for it; `bits` are 64. */
export type ColumnType = 'text' | 'u8' | 'u16' | 'u32' | 'i64' | 'bits' | 'flag';

/** A column of a table: its name and type, and where its values come from. */
export interface Column<R> {
  readonly name: string;
  readonly type: ColumnType;
  /** @throws FlowStoreError `FLOWSTORE_BAD_ROW` */
  readonly cells: (rows: readonly R[]) => Cells;
}

export const text = <R>(name: string, get: (row: R) => string | null): Column<R> => ({
  name,
  type: 'text',
  cells: (rows) => textCells(rows, get),
});

/** A bit for each of up to 64 things. */
export const bits = <R>(name: string, get: (row: R) => bigint | null): Column<R> => ({
  name,
  type: 'bits',
  cells: (rows) => bitsCells(rows, get),
});

export const flag = <R>(name: string, get: (row: R) => boolean | null): Column<R> => ({
  name,
  type: 'flag',
  cells: (rows) =>
    wholeCells(rows, 1, (row) => {
      const value = get(row);
      return value === null ? null : Number(value);
    }),
});

const whole = <R>(
  name: string,
  type: ColumnType,
  width: FixedCells['width'],
  max: number,
  get: (row: R) => number | null,
): Column<R> => ({
  name,
  type,
  cells: (rows) =>
    wholeCells(rows, width, (row) => {
      const value = get(row);
      if (value !== null && !(Number.isInteger(value) && value >= 0 && value <= max)) throw badRow(name, value);
      return value;
    }),
});

/**
 * An address is two numbers of 64 bits, the higher and the lower: a range of both takes DuckDB a hundredth of the time that it
 * takes for one number of 128 bits, and a block of IPv4 addresses keeps one higher half for all.
 */
const address = <R>(name: string, get: (row: R) => string): Column<R>[] => {
  const made = new WeakMap<readonly R[], AddressCells>();
  const halves = (rows: readonly R[]) => made.getOrInsertComputed(rows, () => addressCells(rows, name, get));
  return (['hi', 'lo'] as const).map((half) => ({
    name: `${name}_${half}`,
    type: 'bits',
    cells: (rows) => halves(rows)[half],
  }));
};

type Get<R> = (row: R) => number | null;
export const u8 = <R>(name: string, get: Get<R>) => whole(name, 'u8', 1, 0xff, get);
export const u16 = <R>(name: string, get: Get<R>) => whole(name, 'u16', 2, 0xffff, get);
export const u32 = <R>(name: string, get: Get<R>) => whole(name, 'u32', 4, 0xffff_ffff, get);
export const i64 = <R>(name: string, get: Get<R>) => whole(name, 'i64', 8, Number.MAX_SAFE_INTEGER, get);

const SIDES = ['src', 'dst'] as const;
export interface HasEnds {
  readonly src: FlowEnd;
  readonly dst: FlowEnd;
}

/** The columns of both ends' addresses. */
export const addresses = <R extends HasEnds>(): Column<R>[] =>
  SIDES.flatMap((end) => address<R>(`${end}_ip`, (row) => row[end].ip));

export const ports = <R extends HasEnds>(): Column<R>[] =>
  SIDES.map((end) => u16<R>(`${end}_port`, (row) => row[end].port));

/** Where the ends are that are outside of the cloud. */
export const origins = <R extends HasEnds>(): Column<R>[] =>
  SIDES.flatMap((end) => [
    text<R>(`${end}_country`, (row) => row[end].country ?? null),
    u32<R>(`${end}_asn`, (row) => row[end].asn ?? null),
  ]);
