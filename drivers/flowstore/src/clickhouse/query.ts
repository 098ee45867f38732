import type { Condition } from '../sql/condition.ts';
import { decodeCursor } from '../sql/cursor.ts';
import { toEdge, toFlow } from '../sql/flows.ts';
import { firstOf, ORDER_COLUMN, pageOf } from '../sql/pages.ts';
import { count, requireLimit } from '../sql/rows.ts';
import { requireBucket, toPoint } from '../sql/sums.ts';
import type { FlowFilter, Page } from '../store.ts';
import { judgedFlows } from './judged.ts';
import { CONNECTIONS, counted, PENDING_CONNECTIONS, TRAFFIC } from './once.ts';
import type { Read } from './read.ts';
import { selection } from './selection.ts';
import { givenAll, summed } from './summed.ts';

export async function queryFlows(read: Read, filter: FlowFilter, page: Page) {
  const order = page.order ?? 'last';
  const limit = requireLimit(page.limit);
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor, order);
  const { sql, params } = selection(filter);
  const flows = `(${judgedFlows(sql)}) WHERE first_judged`;
  const by = ORDER_COLUMN[order];
  const rest = after === null ? '' : `AND (${by} < ? OR (${by} = ? AND id < ?))`;
  const rows = await read({
    sql: `SELECT *, ${by} AS ordered FROM ${flows} ${rest} ORDER BY ordered DESC, id DESC LIMIT ?`,
    params: [...params, ...(after === null ? [] : [after.value, after.value, after.id]), limit + 1],
  });
  const { shown, nextCursor } = pageOf(rows, limit, order, { ordered: 'ordered', id: 'id' });
  // All on one page need not be counted.
  const isAll = after === null && nextCursor === null;
  const total = isAll ? shown.length : await counting(read, { sql: `SELECT count() AS total FROM ${flows}`, params });
  return { flows: shown.map(toFlow), total, nextCursor };
}

const counting = async (read: Read, question: Condition): Promise<number> =>
  count((await read(question))[0]?.['total']);

const ofOutside = (side: string, half: string) => `if(isNull(${side}_vm), ${side}_ip_${half}, NULL)`;
const EDGE_KEYS = {
  ...{ src_vm: 'src_vm', dst_vm: 'dst_vm' },
  ...{ src_outside_hi: ofOutside('src', 'hi'), src_outside_lo: ofOutside('src', 'lo') },
  ...{ dst_outside_hi: ofOutside('dst', 'hi'), dst_outside_lo: ofOutside('dst', 'lo') },
  ...{ protocol: 'protocol', dst_port: 'dst_port', verdict: 'verdict', rule_num: 'rule_num' },
};
const OF_EDGE = ['src_ip_hi', 'src_ip_lo', 'dst_ip_hi', 'dst_ip_lo', 'src_tenant', 'dst_tenant', 'rule', 'policy'];

export async function queryEdges(read: Read, filter: FlowFilter, limit: number) {
  const updates = counted(filter);
  const gathered = {
    ...Object.fromEntries(OF_EDGE.map((name) => [name, `any(${name})`])),
    ...CONNECTIONS,
    ...PENDING_CONNECTIONS,
    ...TRAFFIC,
    last_ms: 'max(end_ms)',
  };
  const order = `ORDER BY _bytes + _reply_bytes DESC, _flows DESC, ${givenAll(Object.keys(EDGE_KEYS))} LIMIT ?`;
  const rows = await read({
    sql: summed(updates.sql, EDGE_KEYS, gathered, order),
    params: [...updates.params, requireLimit(limit) + 1],
  });
  const { shown, truncated } = firstOf(rows, limit);
  return { edges: shown.map(toEdge), truncated };
}

export async function querySeries(read: Read, filter: FlowFilter, bucketMs: number) {
  requireBucket(bucketMs);
  const updates = counted(filter);
  const keys = { at_ms: 'intDiv(end_ms, ?) * ?', verdict: 'verdict' };
  const sql = summed(updates.sql, keys, { ...CONNECTIONS, ...TRAFFIC }, 'ORDER BY _at_ms, _verdict');
  return (await read({ sql, params: [bucketMs, bucketMs, ...updates.params] })).map(toPoint);
}
