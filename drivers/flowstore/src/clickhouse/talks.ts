import { DAY_MS, PAIR_KEY } from '../sql/names.ts';
import { firstOf } from '../sql/pages.ts';
import { requireLimit } from '../sql/rows.ts';
import { toHits, toTalk } from '../sql/sums.ts';
import type { FlowFilter } from '../store.ts';
import { CONNECTIONS, counted, TRAFFIC } from './once.ts';
import type { Read } from './read.ts';
import { selection } from './selection.ts';
import { type Gathered, givenAll, summed } from './summed.ts';

/** Addresses are in halves here. */
export const PAIR_KEYS = PAIR_KEY.split(', ').flatMap((name) =>
  /_ip$/.test(name) ? [`${name}_hi`, `${name}_lo`] : [name],
);
const TALK_KEYS = [...PAIR_KEYS, 'verdict', 'rule_num'];

/** Whose an address was is what was last known of it. */
const LAST_KNOWN = Object.fromEntries(
  ['src_vm', 'dst_vm', 'src_tenant', 'dst_tenant'].map((name) => [name, `argMax(${name}, end_ms)`]),
);
export const OF_IP = 'isNotNull(src_ip_lo) AND isNotNull(dst_ip_lo)';

/**
 * @param updates that were counted
 * @param keys of a talk, besides its own
 */
export const selectTalks = (updates: string, keys: Gathered, more: Gathered, after: string): string =>
  summed(
    `${updates} WHERE ${OF_IP}`,
    { ...Object.fromEntries(TALK_KEYS.map((name) => [name, name])), ...keys },
    {
      ...LAST_KNOWN,
      ...CONNECTIONS,
      ...TRAFFIC,
      first_ms: 'min(start_ms)',
      last_ms: 'max(end_ms)',
      days: `arraySort(groupUniqArray(intDiv(end_ms, ${DAY_MS})))`,
      ...more,
    },
    after,
  );

export async function queryTalks(read: Read, filter: FlowFilter, limit: number) {
  const updates = counted(filter);
  const rows = await read({
    sql: selectTalks(updates.sql, {}, {}, `ORDER BY _flows DESC, ${givenAll(TALK_KEYS)} LIMIT ?`),
    params: [...updates.params, requireLimit(limit) + 1],
  });
  const { shown, truncated } = firstOf(rows, limit);
  return { talks: shown.map(toTalk), truncated };
}

/**
 * Summed over talks, where a connection that two hosts judged is counted once. A staged rule meets the flows of which it has
 * the last word.
 */
export async function queryRuleHits(read: Read, filter: FlowFilter) {
  const updates = counted(filter);
  const hits = `(SELECT *, arrayJoin([toNullable(rule_num), nullIf(pending_rule_num, rule_num)]) AS hit FROM ${updates.sql})`;
  const talks = summed(`${hits} WHERE isNotNull(hit)`, [...TALK_KEYS, 'hit'], {
    ...CONNECTIONS,
    ...TRAFFIC,
    last_ms: 'max(end_ms)',
  });
  const sql = `SELECT _hit AS rule_num, sum(_flows) AS flows, sum(_bytes + _reply_bytes) AS bytes,
    sum(_packets + _reply_packets) AS packets, max(_last_ms) AS last_ms
    FROM (${talks}) GROUP BY rule_num ORDER BY rule_num`;
  return (await read({ sql, params: updates.params })).map(toHits);
}

export async function queryVmsSeen(read: Read, filter: FlowFilter): Promise<string[]> {
  const { sql, params } = selection(filter);
  const end = (name: string) => `SELECT ${name} AS vm FROM (SELECT ${name} FROM ${sql} AND isNotNull(${name}))`;
  const rows = await read({
    sql: `SELECT DISTINCT vm FROM (${end('src_vm')} UNION ALL ${end('dst_vm')}) ORDER BY vm`,
    params: [...params, ...params],
  });
  return rows.map((row) => row['vm'] as string);
}
