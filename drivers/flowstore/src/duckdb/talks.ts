import { type DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';
import type { Verdict } from '@hypervigil/model';
import type { RuleHits, Talk } from '../flow.ts';
import type { FlowFilter } from '../store.ts';
import { selection } from './filter.ts';
import { CONNECTIONS, counted, once } from './once.ts';
import { count, numberOrNull, type Row, read, requireLimit, textOrNull, toCounters, toEdgeEnd } from './rows.ts';

const DAY_MS = 86_400_000;
/** Two addresses on a service, whatever was said of it. */
export const PAIR_KEY = 'network, src_ip, dst_ip, protocol, dst_port, icmp_type, icmp_code';
const TALK_KEY = `${PAIR_KEY}, verdict, rule_num`;
const COUNTERS = ['bytes', 'packets', 'reply_bytes', 'reply_packets'];

/** Whose an address was is what was last known of it. */
const lastKnown = (name: string) => `arg_max(${name}, end_ms) FILTER (${name} IS NOT NULL) AS ${name}`;

/** @param updates that were {@link counted} */
export const selectTalks = (updates: string, more = '') => `
  SELECT ${TALK_KEY}, ${['src_vm', 'dst_vm', 'src_tenant', 'dst_tenant'].map(lastKnown).join(', ')}, ${CONNECTIONS},
    ${COUNTERS.map(once).join(', ')}, min(start_ms) AS first_ms, max(end_ms) AS last_ms,
    list_sort(list(DISTINCT end_ms // ${DAY_MS})) AS days${more}
  FROM ${updates} WHERE src_ip IS NOT NULL AND dst_ip IS NOT NULL GROUP BY ${TALK_KEY}`;

export async function queryTalks(connection: DuckDBConnection, filter: FlowFilter, limit: number) {
  const updates = counted(filter);
  const sql = `${selectTalks(updates.sql)} ORDER BY flows DESC, ${TALK_KEY} LIMIT ?`;
  const rows = await read(connection, sql, [...updates.params, requireLimit(limit) + 1]);
  return { talks: rows.slice(0, limit).map(toTalk), truncated: rows.length > limit };
}

/**
 * Summed over talks, where a connection that two hosts judged is counted once. A staged rule meets the flows of which it has
 * the last word.
 */
export async function queryRuleHits(connection: DuckDBConnection, filter: FlowFilter): Promise<RuleHits[]> {
  const updates = counted(filter);
  const sql = `
    SELECT hit AS rule_num, sum(flows) AS flows, sum(bytes + reply_bytes) AS bytes, sum(packets + reply_packets) AS packets,
      max(last_ms) AS last_ms
    FROM (SELECT ${TALK_KEY}, hit, ${CONNECTIONS}, ${COUNTERS.map(once).join(', ')}, max(end_ms) AS last_ms
      FROM (SELECT *, unnest([rule_num, nullif(pending_rule_num, rule_num)]) AS hit FROM ${updates.sql})
      WHERE hit IS NOT NULL GROUP BY ${TALK_KEY}, hit)
    GROUP BY hit ORDER BY hit`;
  const rows = await read(connection, sql, [...updates.params]);
  return rows.map((row) => ({
    ruleNum: count(row['rule_num']),
    flows: count(row['flows']),
    bytes: count(row['bytes']),
    packets: count(row['packets']),
    lastMs: count(row['last_ms']),
  }));
}

export async function queryVmsSeen(connection: DuckDBConnection, filter: FlowFilter): Promise<string[]> {
  const { source, where, params } = selection(filter);
  const end = (name: string) => `SELECT ${name} AS vm FROM ${source} WHERE ${name} IS NOT NULL AND (${where})`;
  const sql = `${end('src_vm')} UNION ${end('dst_vm')} ORDER BY vm`;
  const rows = await read(connection, sql, [...params, ...params]);
  return rows.map((row) => row['vm'] as string);
}

export function toTalk(row: Row): Talk {
  const days = row['days'];
  return {
    networkId: textOrNull(row['network']),
    src: toEdgeEnd(row, 'src'),
    dst: toEdgeEnd(row, 'dst'),
    protocol: count(row['protocol']),
    port: count(row['dst_port']),
    icmpType: numberOrNull(row['icmp_type']),
    icmpCode: numberOrNull(row['icmp_code']),
    verdict: row['verdict'] as Verdict,
    ruleNum: count(row['rule_num']),
    flows: count(row['flows']),
    ...toCounters(row),
    firstMs: count(row['first_ms']),
    lastMs: count(row['last_ms']),
    days: days instanceof DuckDBListValue ? days.items.map(Number) : [],
  };
}
