import type { DuckDBConnection } from '@duckdb/node-api';
import type { FlowGroupField } from '@hypervigil/model';
import type { TopFlows } from '../flow.ts';
import type { Condition } from '../sql/condition.ts';
import { groupSql, INSPECTION_FIELDS, rowSql } from '../sql/field-sql.ts';
import { COUNTERS } from '../sql/names.ts';
import { requireLimit } from '../sql/rows.ts';
import { requireFields, TOP_ORDER, toGroup, toTotal } from '../sql/sums.ts';
import type { FlowFilter, FlowTopOrder } from '../store.ts';
import { DUCKDB } from './dialect.ts';
import { BOTH_HOSTS, flowsOf, INSPECTED_BY_EITHER } from './judged.ts';
import { CONNECTIONS, COUNTS, counted, once } from './once.ts';
import { read } from './read.ts';
import { selection } from './selection.ts';

export async function queryTop(
  connection: DuckDBConnection,
  filter: FlowFilter,
  by: readonly FlowGroupField[],
  order: FlowTopOrder,
  limit: number,
): Promise<TopFlows> {
  requireFields(by);
  const { sql: flows, params } = by.every((field) => rowSql(field).length > 0) ? counted(filter) : flowsFor(filter, by);
  const keys = by.map((field, n) => `${groupSql(DUCKDB, field)} AS key_${n}`).join(', ');
  const names = by.map((_, n) => `key_${n}`).join(', ');
  const sql = `
    SELECT *, count(*) OVER () AS groups, sum(flows) OVER () AS all_flows,
      sum(bytes + reply_bytes) OVER () AS all_bytes, sum(packets + reply_packets) OVER () AS all_packets
    FROM (SELECT ${keys}, ${CONNECTIONS}, ${COUNTERS.map(once).join(', ')}
      FROM ${flows} GROUP BY ${names})
    ORDER BY ${TOP_ORDER[order]} DESC, ${names} LIMIT ?`;
  const rows = await read(connection, sql, [...params, requireLimit(limit)]);
  return { groups: rows.map(toGroup(by)), total: toTotal(rows[0]) };
}

/** Flows as the sums of their updates, for what no update tells alone. */
function flowsFor(filter: FlowFilter, by: readonly FlowGroupField[]): Condition {
  const { source, where, params } = selection(filter);
  const sums = flowsOf(source, where);
  const flows = by.some((field) => INSPECTION_FIELDS.includes(field))
    ? `SELECT * REPLACE (${INSPECTED_BY_EITHER}) FROM (${sums}) WINDOW ${BOTH_HOSTS}`
    : sums;
  return { sql: `(SELECT *, false AS alone FROM (${flows}) WHERE ${COUNTS})`, params };
}
