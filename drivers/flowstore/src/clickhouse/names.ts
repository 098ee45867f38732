import { FlowStoreError } from '../errors.ts';
import { allOf } from '../sql/condition.ts';
import { equals, nameWith, rowConditions } from '../sql/conditions.ts';
import { decodeCursor } from '../sql/cursor.ts';
import { pageOf } from '../sql/pages.ts';
import { count, requireLimit } from '../sql/rows.ts';
import { toName } from '../sql/sums.ts';
import type { NameFilter } from '../store.ts';
import { CLICKHOUSE } from './dialect.ts';
import type { Read } from './read.ts';
import { KIND, NAME_COLUMNS, RECORDS } from './schema.ts';

const SHOWN = ['place', ...NAME_COLUMNS.map(({ name }) => name)].join(', ');

export async function queryNames(
  read: Read,
  { kind, name, gatewayId, ...ends }: NameFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const limit = requireLimit(page.limit);
  const conditions = [
    { sql: `record = ${KIND.name}`, params: [] },
    ...rowConditions(CLICKHOUSE, ends),
    ...equals('kind', kind),
    ...equals('gateway', gatewayId),
    ...(name === undefined ? [] : [nameWith(CLICKHOUSE, name)]),
  ];
  const all = allOf(conditions);
  const rest = page.cursor === undefined ? all : allOf([...conditions, after(page.cursor)]);
  const [rows, [total]] = await Promise.all([
    read({
      sql: `SELECT ${SHOWN} FROM ${RECORDS} WHERE ${rest.sql} ORDER BY end_ms DESC, place DESC LIMIT ?`,
      params: [...rest.params, limit + 1],
    }),
    read({ sql: `SELECT count() AS total FROM ${RECORDS} WHERE ${all.sql}`, params: all.params }),
  ]);
  const { shown, nextCursor } = pageOf(rows, limit, 'last', { ordered: 'end_ms', id: 'place' });
  return { names: shown.map(toName), total: count(total?.['total']), nextCursor };
}

function after(cursor: string) {
  const { value, id } = decodeCursor(cursor, 'last');
  if (!/^\d{1,20}$/.test(id))
    throw new FlowStoreError(
      'FLOWSTORE_BAD_CURSOR',
      'The cursor does not belong to this list. Begin at its first page.',
    );
  return { sql: 'end_ms < ? OR (end_ms = ? AND place < toUInt64(?))', params: [value, value, id] };
}
