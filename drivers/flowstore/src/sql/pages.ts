import type { FlowOrder } from '../store.ts';
import { encodeCursor } from './cursor.ts';
import { count, type Row } from './rows.ts';

/** By what pages of flows are ordered; ties by their ids. */
export const ORDER_COLUMN = {
  last: 'last_ms',
  start: 'start_ms',
  bytes: 'bytes + reply_bytes',
  packets: 'packets + reply_packets',
} as const satisfies Record<FlowOrder, string>;

/**
 * What is shown of rows of which one more than that was asked for, and where the next page goes on.
 * @param by the columns of a row's place in the order, and of its id
 */
export function pageOf(rows: readonly Row[], limit: number, order: FlowOrder, by: { ordered: string; id: string }) {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor =
    last === undefined ? null : encodeCursor({ order, value: count(last[by.ordered]), id: `${last[by.id]}` });
  return { shown, nextCursor };
}

export const firstOf = (rows: readonly Row[], limit: number) => ({
  shown: rows.slice(0, limit),
  truncated: rows.length > limit,
});
