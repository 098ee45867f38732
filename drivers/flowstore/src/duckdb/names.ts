import type { DuckDBConnection } from '@duckdb/node-api';
import type { NameDetails, NameKind } from '@hypervigil/model';
import type { StoredName } from '../name.ts';
import type { NameFilter } from '../store.ts';
import { allOf } from './condition.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { equals, rowConditions } from './filter.ts';
import { toEnd } from './query.ts';
import { readable } from './readable.ts';
import { count, numberOrNull, type Row, read, requireLimit, textOrNull } from './rows.ts';
import { NAMES } from './schema.ts';

export async function queryNames(
  connection: DuckDBConnection,
  { kind, name, gatewayId, ...ends }: NameFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const limit = requireLimit(page.limit);
  const conditions = [...rowConditions(ends), ...equals('kind', kind), ...equals('gateway', gatewayId)];
  if (name !== undefined) conditions.push({ sql: 'contains(lower(server_name), ?)', params: [name.toLowerCase()] });
  const where = allOf(conditions);
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor, 'last');
  const sql = `
    SELECT * FROM (SELECT *, count(*) OVER () AS total FROM ${readable(`(SELECT *, rowid AS place FROM ${NAMES})`)} WHERE ${where.sql})
    ${after === null ? '' : 'WHERE (end_ms, place) < (?, ?::BIGINT)'}
    ORDER BY end_ms DESC, place DESC LIMIT ?`;
  const cursorParams = after === null ? [] : [BigInt(after.value), after.id];
  const params = [...where.params, ...cursorParams, limit + 1];
  const rows = await read(connection, sql, params);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor =
    last === undefined ? null : encodeCursor({ order: 'last', value: count(last['end_ms']), id: `${last['place']}` });
  return { names: shown.map(toName), total: count(rows[0]?.['total']), nextCursor };
}

function toName(row: Row): StoredName {
  return {
    id: `${row['place']}`,
    atMs: count(row['end_ms']),
    hostId: row['host'] as string,
    gatewayNum: numberOrNull(row['gateway_num']),
    gatewayId: textOrNull(row['gateway']),
    networkId: textOrNull(row['network']),
    protocol: count(row['protocol']),
    src: toEnd(row, 'src'),
    dst: toEnd(row, 'dst'),
    kind: row['kind'] as NameKind,
    name: row['server_name'] as string,
    details: JSON.parse(row['details'] as string) as NameDetails,
  };
}
