import {
  BIGINT,
  type DuckDBType,
  type DuckDBValue,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { type AddressRange, addressToNumber, type FlowEnd } from '@hypervigil/model';

import { FlowStoreError } from '../errors.ts';
import type { Condition } from './condition.ts';

/** A column of a table: its SQL name and type, and where its value comes from. */
export interface Column<R> {
  readonly name: string;
  readonly type: DuckDBType;
  readonly value: (row: R) => DuckDBValue;
}

export const text = <R>(name: string, get: (row: R) => string | null): Column<R> => ({
  name,
  type: VARCHAR,
  value: get,
});

const whole = <R>(name: string, type: DuckDBType, max: number, get: (row: R) => number | null): Column<R> => ({
  name,
  type,
  value(row) {
    const value = get(row);
    if (value === null) return null;
    if (!Number.isInteger(value) || value < 0 || value > max) throw badRow(name, value);
    return type === BIGINT ? BigInt(value) : value;
  },
});

/**
 * An address is two numbers of 64 bits, the higher and the lower: a range of both takes DuckDB a hundredth of the time that it
 * takes for one number of 128 bits, and a block of IPv4 addresses keeps one higher half for all.
 */
const address = <R>(name: string, get: (row: R) => string): Column<R>[] => {
  const half = (which: 'hi' | 'lo', of: (value: bigint) => bigint): Column<R> => ({
    name: `${name}_${which}`,
    type: UBIGINT,
    value(row) {
      const ip = get(row);
      if (ip === '') return null;
      const value = addressToNumber(ip);
      if (value === null) throw badRow(name, ip);
      return of(value);
    },
  });
  return [half('hi', highOf), half('lo', lowOf)];
};

const highOf = (value: bigint): bigint => value >> 64n;
const lowOf = (value: bigint): bigint => BigInt.asUintN(64, value);

/** A table with each address as one number beside its halves: made of those that are looked at, when they are. */
export const withAddresses = (table: string): string =>
  `(SELECT *, ${['src', 'dst'].map(whole128).join(', ')} FROM ${table})`;

const whole128 = (end: string): string =>
  `CAST(${end}_ip_hi AS UHUGEINT) * 18446744073709551616 + ${end}_ip_lo AS ${end}_ip`;

/** A prefix: one higher half and a range of lower ones, or a range of higher ones. */
export function inPrefix(address: string, { low, high }: AddressRange): Condition {
  const [first, last] = [highOf(low), highOf(high)];
  if (first !== last)
    return {
      sql: `${address}_hi BETWEEN CAST(? AS UBIGINT) AND CAST(? AS UBIGINT)`,
      params: [`${first}`, `${last}`],
    };
  return {
    sql: `${address}_hi = CAST(? AS UBIGINT) AND ${address}_lo BETWEEN CAST(? AS UBIGINT) AND CAST(? AS UBIGINT)`,
    params: [`${first}`, `${lowOf(low)}`, `${lowOf(high)}`],
  };
}

type Get<R> = (row: R) => number | null;
export const u8 = <R>(name: string, get: Get<R>) => whole(name, UTINYINT, 0xff, get);
export const u16 = <R>(name: string, get: Get<R>) => whole(name, USMALLINT, 0xffff, get);
export const u32 = <R>(name: string, get: Get<R>) => whole(name, UINTEGER, 0xffff_ffff, get);
export const i64 = <R>(name: string, get: Get<R>) => whole(name, BIGINT, Number.MAX_SAFE_INTEGER, get);

const SIDES = ['src', 'dst'] as const;
interface HasEnds {
  readonly src: FlowEnd;
  readonly dst: FlowEnd;
}

/** The columns of both ends' addresses. */
export const addresses = <R extends HasEnds>(): Column<R>[] =>
  SIDES.flatMap((end) => address<R>(`${end}_ip`, (row) => row[end].ip));

/** The other columns of both ends. */
export const ends = <R extends HasEnds>(): Column<R>[] =>
  SIDES.flatMap((end): Column<R>[] => [
    u16(`${end}_port`, (row) => row[end].port),
    text(`${end}_mac`, (row) => row[end].mac),
    text(`${end}_vm`, (row) => row[end].vmId),
    text(`${end}_vnic`, (row) => row[end].vnicId),
    text(`${end}_tenant`, (row) => row[end].tenantId),
  ]);

/**
 * Turns rows into columns, ready for the appender.
 * @throws FlowStoreError `FLOWSTORE_BAD_ROW`
 */
export function toColumns<R>(columns: readonly Column<R>[], rows: readonly R[]): DuckDBValue[][] {
  return columns.map((column) => rows.map(column.value));
}

export function badRow(column: string, value: string | number): FlowStoreError {
  return new FlowStoreError('FLOWSTORE_BAD_ROW', `A column ${column} cannot be ${JSON.stringify(value)}.`);
}
