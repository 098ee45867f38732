import {
  BIGINT,
  type DuckDBType,
  type DuckDBValue,
  UHUGEINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { addressToNumber, type FlowEnd } from '@hypervigil/model';

import { FlowStoreError } from '../errors.ts';

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

const address = <R>(name: string, get: (row: R) => string): Column<R> => ({
  name,
  type: UHUGEINT,
  value(row) {
    const ip = get(row);
    if (ip === '') return null;
    const value = addressToNumber(ip);
    if (value === null) throw badRow(name, ip);
    return value;
  },
});

type Get<R> = (row: R) => number | null;
export const u8 = <R>(name: string, get: Get<R>) => whole(name, UTINYINT, 0xff, get);
export const u16 = <R>(name: string, get: Get<R>) => whole(name, USMALLINT, 0xffff, get);
export const u32 = <R>(name: string, get: Get<R>) => whole(name, UINTEGER, 0xffff_ffff, get);
export const i64 = <R>(name: string, get: Get<R>) => whole(name, BIGINT, Number.MAX_SAFE_INTEGER, get);

/** The columns of both ends. */
export const ends = <R extends { readonly src: FlowEnd; readonly dst: FlowEnd }>(): Column<R>[] =>
  (['src', 'dst'] as const).flatMap((end): Column<R>[] => [
    address(`${end}_ip`, (row) => row[end].ip),
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
