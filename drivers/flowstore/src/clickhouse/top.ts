import type { FlowGroupField } from '@hypervigil/model';
import type { TopFlows } from '../flow.ts';
import type { Condition } from '../sql/condition.ts';
import { groupSql, INSPECTION_FIELDS, rowSql } from '../sql/field-sql.ts';
import { type Cell, type Row, requireLimit } from '../sql/rows.ts';
import { requireFields, toGroup, toTotal } from '../sql/sums.ts';
import type { FlowFilter, FlowTopOrder } from '../store.ts';
import { CLICKHOUSE } from './dialect.ts';
import { flowsOf, judgedFlows } from './judged.ts';
import { CONNECTIONS, COUNTS, counted, TRAFFIC } from './once.ts';
import { type Read, wholeAddress } from './read.ts';
import { selection } from './selection.ts';
import { givenAll, summed } from './summed.ts';

const ORDER = {
  flows: '_flows',
  bytes: '_bytes + _reply_bytes',
  packets: '_packets + _reply_packets',
} as const satisfies Record<FlowTopOrder, string>;

export async function queryTop(
  read: Read,
  filter: FlowFilter,
  by: readonly FlowGroupField[],
  order: FlowTopOrder,
  limit: number,
): Promise<TopFlows> {
  requireFields(by);
  const { sql, params } = by.every((field) => rowSql(field).length > 0) ? counted(filter) : flowsFor(filter, by);
  const keys = Object.fromEntries(by.map((field, n) => [`key_${n}`, groupSql(CLICKHOUSE, field)]));
  const groups = (after = '') => summed(sql, keys, { ...CONNECTIONS, ...TRAFFIC }, after);
  const total = `SELECT count() AS groups, sum(_flows) AS all_flows, sum(_bytes + _reply_bytes) AS all_bytes,
    sum(_packets + _reply_packets) AS all_packets FROM (${groups()})`;
  const [rows, [all]] = await Promise.all([
    read({
      sql: groups(`ORDER BY ${ORDER[order]} DESC, ${givenAll(Object.keys(keys))} LIMIT ?`),
      params: [...params, requireLimit(limit)],
    }),
    read({ sql: total, params }),
  ]);
  return { groups: rows.map((row) => toGroup(by)(withAddressKeys(by, row))), total: toTotal(all) };
}

/** Flows as the sums of their updates, for what no update tells alone. */
function flowsFor(filter: FlowFilter, by: readonly FlowGroupField[]): Condition {
  const { sql, params } = selection(filter);
  const flows = by.some((field) => INSPECTION_FIELDS.includes(field)) ? judgedFlows(sql) : flowsOf(sql);
  return { sql: `(SELECT *, 0 AS alone FROM (${flows}) WHERE ${COUNTS})`, params };
}

/** An address is grouped by as a text of both halves. */
function withAddressKeys(by: readonly FlowGroupField[], row: Row): Row {
  const whole = (value: Cell | undefined): Cell => {
    const [high, low] = typeof value === 'string' ? value.split(',') : [];
    return wholeAddress(high, low);
  };
  const keys = by.flatMap((field, n) => (field.endsWith('.ip') ? [[`key_${n}`, whole(row[`key_${n}`])] as const] : []));
  return { ...row, ...Object.fromEntries(keys) };
}
