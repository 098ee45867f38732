import { numberToAddress } from '@hypervigil/model';
import { FlowStoreError } from '../errors.ts';
import type { EdgeEnd } from '../flow.ts';

/** What an engine answers, in plain values: numbers of 64 bits may be text or big, what was said together is an object. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };
export type Row = Readonly<Record<string, Cell>>;

const MAX_LIMIT = 100_000;

export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new FlowStoreError('FLOWSTORE_BAD_FILTER', `A page holds 1 to ${MAX_LIMIT} entries.`);
}

type Given = Cell | undefined;

export const count = (value: Given): number => Number(value ?? 0);
export const textOrNull = (value: Given): string | null => (value ?? null) as string | null;
export const numberOrNull = (value: Given): number | null => (value ?? null) as number | null;
export const address = (value: Given): string => (typeof value === 'bigint' ? numberToAddress(value) : '');

/** What was said together, or null where nothing was. */
export const fieldsOf = (value: Given): Row | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;

export const toEdgeEnd = (row: Row, end: 'src' | 'dst'): EdgeEnd => ({
  vmId: textOrNull(row[`${end}_vm`]),
  tenantId: textOrNull(row[`${end}_tenant`]),
  ip: address(row[`${end}_ip`]),
});

/** What went both ways. */
export const toCounters = (row: Row) => ({
  bytes: count(row['bytes']),
  packets: count(row['packets']),
  replyBytes: count(row['reply_bytes']),
  replyPackets: count(row['reply_packets']),
});
