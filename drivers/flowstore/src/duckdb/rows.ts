import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { numberToAddress } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import type { EdgeEnd } from '../flow.ts';

export type Row = Record<string, DuckDBValue>;

const MAX_LIMIT = 100_000;

export async function read(connection: DuckDBConnection, sql: string, params: DuckDBValue[]): Promise<Row[]> {
  return (await connection.runAndReadAll(sql, params)).getRowObjects();
}

export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `A page holds 1 to ${MAX_LIMIT} entries.`);
}

export const count = (value: DuckDBValue | undefined): number => Number(value ?? 0);
export const textOrNull = (value: DuckDBValue | undefined): string | null => (value ?? null) as string | null;
export const numberOrNull = (value: DuckDBValue | undefined): number | null => (value ?? null) as number | null;
export const address = (value: DuckDBValue | undefined): string =>
  typeof value === 'bigint' ? numberToAddress(value) : '';

export const toEdgeEnd = (row: Row, end: 'src' | 'dst'): EdgeEnd => ({
  vmId: textOrNull(row[`${end}_vm`]),
  tenantId: textOrNull(row[`${end}_tenant`]),
  ip: address(row[`${end}_ip`]),
});

/** What went both ways. */
export const toCounters = (row: Row) => ({
  bytes: count(row['bytes']),
  packets: count(row['packets']),
  replyBytes: count(row['reply_bytes']),
  replyPackets: count(row['reply_packets']),
});
