import { type DuckDBConnection, DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { Param } from '../sql/condition.ts';
import type { Cell, Row } from '../sql/rows.ts';

export async function read(connection: DuckDBConnection, sql: string, params: readonly Param[]): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql, [...params])).getRowObjects();
  return rows.map((row) => plainFields(row));
}

const plainFields = (fields: Readonly<Record<string, DuckDBValue>>): Row =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));

function plain(value: DuckDBValue): Cell {
  if (value instanceof DuckDBStructValue) return plainFields(value.entries);
  return value instanceof DuckDBListValue ? value.items.map(plain) : (value as Cell);
}
