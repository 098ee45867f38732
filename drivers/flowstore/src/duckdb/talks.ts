import type { DuckDBConnection } from '@duckdb/node-api';
import type { RuleHits } from '../flow.ts';
import { COUNTERS, DAY_MS, TALK_KEY } from '../sql/names.ts';
import { firstOf } from '../sql/pages.ts';
import { requireLimit } from '../sql/rows.ts';
import { toHits, toTalk } from '../sql/sums.ts';
import type { FlowFilter } from '../store.ts';
import { CONNECTIONS, counted, once } from './once.ts';
import { read } from './read.ts';
import { selection } from './selection.ts';

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
  const { shown, truncated } = firstOf(rows, limit);
  return { talks: shown.map(toTalk), truncated };
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
  return rows.map(toHits);
}

export async function queryVmsSeen(connection: DuckDBConnection, filter: FlowFilter): Promise<string[]> {
  const { source, where, params } = selection(filter);
  const end = (name: string) => `SELECT ${name} AS vm FROM ${source} WHERE ${name} IS NOT NULL AND (${where})`;
  const sql = `${end('src_vm')} UNION ${end('dst_vm')} ORDER BY vm`;
  const rows = await read(connection, sql, [...params, ...params]);
  return rows.map((row) => row['vm'] as string);
}
