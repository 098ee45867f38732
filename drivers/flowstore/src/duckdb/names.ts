import type { DuckDBConnection } from '@duckdb/node-api';
import { allOf } from '../sql/condition.ts';
import { equals, nameWith, rowConditions } from '../sql/conditions.ts';
import { decodeCursor } from '../sql/cursor.ts';
import { pageOf } from '../sql/pages.ts';
import { count, requireLimit } from '../sql/rows.ts';
import { toName } from '../sql/sums.ts';
import type { NameFilter } from '../store.ts';
import { DUCKDB } from './dialect.ts';
import { read } from './read.ts';
import { readable } from './readable.ts';
import { NAMES } from './schema.ts';

export async function queryNames(
  connection: DuckDBConnection,
  { kind, name, gatewayId, ...ends }: NameFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const limit = requireLimit(page.limit);
  const conditions = [...rowConditions(DUCKDB, ends), ...equals('kind', kind), ...equals('gateway', gatewayId)];
  if (name !== undefined) conditions.push(nameWith(DUCKDB, name));
  const where = allOf(conditions);
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor, 'last');
  const sql = `
    SELECT * FROM (SELECT *, count(*) OVER () AS total FROM ${readable(`(SELECT *, rowid AS place FROM ${NAMES})`)} WHERE ${where.sql})
    ${after === null ? '' : 'WHERE (end_ms, place) < (?, ?::BIGINT)'}
    ORDER BY end_ms DESC, place DESC LIMIT ?`;
  const cursorParams = after === null ? [] : [BigInt(after.value), after.id];
  const params = [...where.params, ...cursorParams, limit + 1];
  const rows = await read(connection, sql, params);
  const { shown, nextCursor } = pageOf(rows, limit, 'last', { ordered: 'end_ms', id: 'place' });
  return { names: shown.map(toName), total: count(rows[0]?.['total']), nextCursor };
}
