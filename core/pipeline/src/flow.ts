import { type Match, matchText } from './match.ts';
import type { MeterSpec } from './meter.ts';
import { TABLES, type TableName } from './tables.ts';

/** A flow in the text form of ovs-ofctl(8). */
export interface FlowSpec {
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** Such as `ip,reg6=0x64,nw_src=10.0.0.0/24`; empty matches everything. */
  readonly match: string;
  readonly actions: string;
}

/** What makes a flow itself. */
export type FlowKey = Pick<FlowSpec, 'table' | 'priority' | 'match'>;

export interface FlowChange {
  readonly upsert: readonly FlowSpec[];
  readonly remove: readonly FlowKey[];
  /** Meters that flows name: those that are new or others, and ids of those that are gone. */
  readonly meters: { readonly upsert: readonly MeterSpec[]; readonly remove: readonly number[] };
}

/** What a flow is there for. */
const COOKIES = {
  pipeline: 1,
  network: 2,
  tenant: 3,
  vnic: 4,
  rule: 5,
  learned: 6,
  gateway: 7,
  full: 8,
  mirror: 9,
  fullRule: 10,
  fullNetwork: 11,
  set: 12,
} as const;
export type CookieKind = keyof typeof COOKIES;

/** Kind in the upper half, number (of a rule, a vNIC …) in the lower: statistics find their way back by it. */
export function cookie(kind: CookieKind, num = 0): bigint {
  return (BigInt(COOKIES[kind]) << 32n) | BigInt(num);
}

/** Undefined for a cookie that is not the pipeline's. */
export function decodeCookie(value: bigint): { kind: CookieKind; num: number } | undefined {
  const kind = (Object.keys(COOKIES) as CookieKind[]).find((name) => BigInt(COOKIES[name]) === value >> 32n);
  return kind && { kind, num: Number(value & 0xffff_ffffn) };
}

export const flowKey = ({ table, priority, match }: FlowKey): string => `${table}/${priority}/${match}`;

/** A flow of a table, by default one of the pipeline's own. */
export function flow(
  table: TableName,
  priority: number,
  match: Match,
  does: string,
  owner = cookie('pipeline'),
): FlowSpec {
  return { table: TABLES[table], priority, cookie: owner, match: matchText(match), actions: does };
}
