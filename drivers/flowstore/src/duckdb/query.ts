import { type DuckDBConnection, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import type { Blocked, InspectionOutcome, Verdict } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import type { Edge, SeriesPoint, StoredFlow } from '../flow.ts';
import type { FlowFilter, FlowOrder, Page } from '../store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { selection } from './filter.ts';
import { BOTH_HOSTS, FIRST_JUDGED, flowsOf, INSPECTED } from './judged.ts';
import { numberToKey } from './key.ts';
import { parseGateways } from './later-gateways.ts';
import { CONNECTIONS, counted, once, PENDING_CONNECTIONS } from './once.ts';
import {
  address,
  count,
  numberOrNull,
  type Row,
  read,
  requireLimit,
  textOrNull,
  toCounters,
  toEdgeEnd,
} from './rows.ts';
import { parseSignatures } from './signatures.ts';

const ORDER_COLUMN = {
  last: 'last_ms',
  start: 'start_ms',
  bytes: 'bytes + reply_bytes',
  packets: 'packets + reply_packets',
} as const satisfies Record<FlowOrder, string>;

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
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor =
    last === undefined ? null : encodeCursor({ order, value: count(last['ordered']), id: last['id'] as string });
  return { flows: shown.map(toFlow), total: count(rows[0]?.['total']), nextCursor };
}

const EDGE_KEY = 'src_vm, dst_vm, src_outside, dst_outside, protocol, dst_port, verdict, rule_num';
const edgesOf = (updates: string) => `
  SELECT src_vm, dst_vm, CASE WHEN src_vm IS NULL THEN src_ip END AS src_outside,
    CASE WHEN dst_vm IS NULL THEN dst_ip END AS dst_outside, protocol, dst_port, verdict, rule_num,
    any_value(src_ip) AS src_ip, any_value(dst_ip) AS dst_ip, any_value(src_tenant) AS src_tenant,
    any_value(dst_tenant) AS dst_tenant, any_value(rule) AS rule, any_value(policy) AS policy, ${CONNECTIONS},
    ${PENDING_CONNECTIONS},
    ${['bytes', 'packets', 'reply_bytes', 'reply_packets'].map(once).join(', ')}, max(end_ms) AS last_ms
  FROM ${updates} GROUP BY ${EDGE_KEY}`;

export async function queryEdges(connection: DuckDBConnection, filter: FlowFilter, limit: number) {
  const updates = counted(filter);
  const sql = `
    SELECT * FROM (${edgesOf(updates.sql)})
    ORDER BY bytes + reply_bytes DESC, flows DESC, ${EDGE_KEY} LIMIT ?`;
  const rows = await read(connection, sql, [...updates.params, requireLimit(limit) + 1]);
  return { edges: rows.slice(0, limit).map(toEdge), truncated: rows.length > limit };
}

export async function querySeries(
  connection: DuckDBConnection,
  filter: FlowFilter,
  bucketMs: number,
): Promise<SeriesPoint[]> {
  if (!Number.isInteger(bucketMs) || bucketMs < 1) {
    throw new FlowStoreError('FLOWSTORE_BAD_FILTER', 'A bucket takes a whole number of milliseconds, at least one.');
  }
  const updates = counted(filter);
  // A parameter's numbers have 128 bits: to divide by those takes ten times as long as all the rest.
  const sql = `
    SELECT (end_ms // ?::BIGINT) * ?::BIGINT AS at_ms, verdict, ${CONNECTIONS}, ${once('bytes')}, ${once('reply_bytes')}
    FROM ${updates.sql} GROUP BY at_ms, verdict ORDER BY at_ms, verdict`;
  const rows = await read(connection, sql, [BigInt(bucketMs), BigInt(bucketMs), ...updates.params]);
  return rows.map((row) => ({
    atMs: count(row['at_ms']),
    verdict: row['verdict'] as Verdict,
    flows: count(row['flows']),
    bytes: count(row['bytes']) + count(row['reply_bytes']),
  }));
}

function toFlow(row: Row): StoredFlow {
  return {
    id: row['id'] as string,
    key: numberToKey(count(row['key'])),
    hostId: row['host'] as string,
    point: row['point'] as StoredFlow['point'],
    networkId: textOrNull(row['network']),
    protocol: count(row['protocol']),
    src: toEnd(row, 'src'),
    dst: toEnd(row, 'dst'),
    icmpType: numberOrNull(row['icmp_type']),
    icmpCode: numberOrNull(row['icmp_code']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    ruleId: textOrNull(row['rule']),
    policyId: textOrNull(row['policy']),
    tier: textOrNull(row['tier']),
    pending: toPending(row['pending']),
    inspection: toInspection(row),
    revision: count(row['revision']),
    startMs: count(row['start_ms']),
    endMs: count(row['last_ms']),
    ...toCounters(row),
    tcpFlags: count(row['tcp_flags']),
  };
}

function toPending(value: DuckDBValue | undefined): StoredFlow['pending'] {
  if (!(value instanceof DuckDBStructValue)) return null;
  const { verdict, rule_num: ruleNum, rule, policy } = value.entries;
  return {
    verdict: verdict as Verdict,
    ruleNum: count(ruleNum),
    ruleId: textOrNull(rule),
    policyId: textOrNull(policy),
  };
}

function toInspection(row: Row): StoredFlow['inspection'] {
  const { inspection: value, recognised: seen, signatures, blocked: ended } = row;
  if (!(value instanceof DuckDBStructValue)) return null;
  const { outcome, num, id, later } = value.entries;
  const [gatewayNum, gatewayId] = [numberOrNull(num), textOrNull(id)];
  const first = gatewayNum === null ? [] : [{ gatewayNum, gatewayId }];
  const { application, name, risks } = seen instanceof DuckDBStructValue ? seen.entries : {};
  return {
    outcome: outcome as InspectionOutcome,
    gatewayNum,
    gatewayId,
    gateways: [...first, ...parseGateways(textOrNull(later))],
    applications: textOrNull(application)?.split('.') ?? [],
    name: textOrNull(name),
    risks: bitsOf(risks),
    signatures: parseSignatures(textOrNull(signatures)),
    blocked: toBlocked(ended),
  };
}

function toBlocked(value: DuckDBValue | undefined): Blocked | null {
  if (!(value instanceof DuckDBStructValue)) return null;
  const { blocked_by: by, what } = value.entries;
  return { by: by as Blocked['by'], what: what as string };
}

function bitsOf(mask: DuckDBValue | undefined): number[] {
  if (typeof mask !== 'bigint') return [];
  return Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (mask >> BigInt(bit)) & 1n);
}

export function toEnd(row: Row, end: 'src' | 'dst'): StoredFlow['src'] {
  return {
    ip: address(row[`${end}_ip`]),
    port: count(row[`${end}_port`]),
    mac: textOrNull(row[`${end}_mac`]),
    vmId: textOrNull(row[`${end}_vm`]),
    vnicId: textOrNull(row[`${end}_vnic`]),
    tenantId: textOrNull(row[`${end}_tenant`]),
  };
}

function toEdge(row: Row): Edge {
  return {
    src: toEdgeEnd(row, 'src'),
    dst: toEdgeEnd(row, 'dst'),
    protocol: count(row['protocol']),
    port: count(row['dst_port']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    ruleId: textOrNull(row['rule']),
    policyId: textOrNull(row['policy']),
    flows: count(row['flows']),
    pendingFlows: count(row['pending_flows']),
    ...toCounters(row),
    lastMs: count(row['last_ms']),
  };
}
