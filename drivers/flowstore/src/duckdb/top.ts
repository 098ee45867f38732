import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { type FlowGroupField, numberToAddress } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import type { FlowGroup, TopFlows } from '../flow.ts';
import type { FlowFilter, FlowTopOrder } from '../store.ts';
import type { Condition } from './condition.ts';
import { groupSql, INSPECTION_FIELDS, rowSql } from './field-sql.ts';
import { selection } from './filter.ts';
import { BOTH_HOSTS, flowsOf, INSPECTED_BY_EITHER } from './judged.ts';
import { CONNECTIONS, COUNTS, counted, once } from './once.ts';
import { count, type Row, read, requireLimit, toCounters } from './rows.ts';

const ORDER = {
  flows: 'flows',
  bytes: 'bytes + reply_bytes',
  packets: 'packets + reply_packets',
} as const satisfies Record<FlowTopOrder, string>;

const MAX_FIELDS = 2;

export async function queryTop(
  connection: DuckDBConnection,
  filter: FlowFilter,
  by: readonly FlowGroupField[],
  order: FlowTopOrder,
  limit: number,
): Promise<TopFlows> {
  if (by.length < 1 || by.length > MAX_FIELDS)
    throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `Flows are grouped by one to ${MAX_FIELDS} fields.`);
  const { sql: flows, params } = by.every((field) => rowSql(field).length > 0) ? counted(filter) : flowsFor(filter, by);
  const keys = by.map((field, n) => `${groupSql(field)} AS key_${n}`).join(', ');
  const names = by.map((_, n) => `key_${n}`).join(', ');
  const sql = `
    SELECT *, count(*) OVER () AS groups, sum(flows) OVER () AS all_flows,
      sum(bytes + reply_bytes) OVER () AS all_bytes, sum(packets + reply_packets) OVER () AS all_packets
    FROM (SELECT ${keys}, ${CONNECTIONS}, ${['bytes', 'packets', 'reply_bytes', 'reply_packets'].map(once).join(', ')}
      FROM ${flows} GROUP BY ${names})
    ORDER BY ${ORDER[order]} DESC, ${names} LIMIT ?`;
  const rows = await read(connection, sql, [...params, requireLimit(limit)]);
  const [first] = rows;
  return {
    groups: rows.map(toGroup(by)),
    total: {
      groups: count(first?.['groups']),
      flows: count(first?.['all_flows']),
      bytes: count(first?.['all_bytes']),
      packets: count(first?.['all_packets']),
    },
  };
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

const toGroup =
  (by: readonly FlowGroupField[]) =>
  (row: Row): FlowGroup => ({
    values: by.map((_, n) => plain(row[`key_${n}`])),
    flows: count(row['flows']),
    ...toCounters(row),
  });

/** Only addresses are so large. */
function plain(value: DuckDBValue | undefined): string | number | null {
  if (typeof value === 'bigint') return numberToAddress(value);
  return (value ?? null) as string | number | null;
}
