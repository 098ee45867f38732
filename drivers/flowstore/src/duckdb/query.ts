import type { DuckDBConnection } from '@duckdb/node-api';
import { decodeCursor } from '../sql/cursor.ts';
import { toEdge, toFlow } from '../sql/flows.ts';
import { COUNTERS } from '../sql/names.ts';
import { firstOf, ORDER_COLUMN, pageOf } from '../sql/pages.ts';
import { count, requireLimit } from '../sql/rows.ts';
import { requireBucket, toPoint } from '../sql/sums.ts';
import type { FlowFilter, Page } from '../store.ts';
import { BOTH_HOSTS, FIRST_JUDGED, flowsOf, INSPECTED } from './judged.ts';
import { CONNECTIONS, counted, once, PENDING_CONNECTIONS } from './once.ts';
import { read } from './read.ts';
import { selection } from './selection.ts';

export async function queryFlows(connection: DuckDBConnection, filter: FlowFilter, page: Page) {
  const order = page.order ?? 'last';
  const limit = requireLimit(page.limit);
  const { source, where, params } = selection(filter);
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor, order);
  const sql = `
    SELECT *, ${ORDER_COLUMN[order]} AS ordered
    FROM (SELECT *, count(*) OVER () AS total FROM (
      SELECT * REPLACE (${INSPECTED}) FROM (${flowsOf(source, where)})
      WINDOW ${BOTH_HOSTS} QUALIFY ${FIRST_JUDGED}))
    ${after === null ? '' : 'WHERE (ordered, id) < (?, ?)'}
    ORDER BY ordered DESC, id DESC LIMIT ?`;
  const cursorParams = after === null ? [] : [BigInt(after.value), after.id];
  const rows = await read(connection, sql, [...params, ...cursorParams, limit + 1]);
  const { shown, nextCursor } = pageOf(rows, limit, order, { ordered: 'ordered', id: 'id' });
  return { flows: shown.map(toFlow), total: count(rows[0]?.['total']), nextCursor };
}

const EDGE_KEY = 'src_vm, dst_vm, src_outside, dst_outside, protocol, dst_port, verdict, rule_num';
const edgesOf = (updates: string) => `
  SELECT src_vm, dst_vm, CASE WHEN src_vm IS NULL THEN src_ip END AS src_outside,
    CASE WHEN dst_vm IS NULL THEN dst_ip END AS dst_outside, protocol, dst_port, verdict, rule_num,
    any_value(src_ip) AS src_ip, any_value(dst_ip) AS dst_ip, any_value(src_tenant) AS src_tenant,
    any_value(dst_tenant) AS dst_tenant, any_value(rule) AS rule, any_value(policy) AS policy, ${CONNECTIONS},
    ${PENDING_CONNECTIONS},
    ${COUNTERS.map(once).join(', ')}, max(end_ms) AS last_ms
  FROM ${updates} GROUP BY ${EDGE_KEY}`;

export async function queryEdges(connection: DuckDBConnection, filter: FlowFilter, limit: number) {
  const updates = counted(filter);
  const sql = `
    SELECT * FROM (${edgesOf(updates.sql)})
    ORDER BY bytes + reply_bytes DESC, flows DESC, ${EDGE_KEY} LIMIT ?`;
  const rows = await read(connection, sql, [...updates.params, requireLimit(limit) + 1]);
  const { shown, truncated } = firstOf(rows, limit);
  return { edges: shown.map(toEdge), truncated };
}

export async function querySeries(connection: DuckDBConnection, filter: FlowFilter, bucketMs: number) {
  requireBucket(bucketMs);
  const updates = counted(filter);
  // A parameter's numbers have 128 bits: to divide by those takes ten times as long as all the rest.
  const sql = `
    SELECT (end_ms // ?::BIGINT) * ?::BIGINT AS at_ms, verdict, ${CONNECTIONS}, ${once('bytes')}, ${once('reply_bytes')}
    FROM ${updates.sql} GROUP BY at_ms, verdict ORDER BY at_ms, verdict`;
  const rows = await read(connection, sql, [BigInt(bucketMs), BigInt(bucketMs), ...updates.params]);
  return rows.map(toPoint);
}
