import type { AddressRange } from '@hypervigil/model';
import type { Condition } from './condition.ts';
import type { Dialect } from './dialect.ts';

const highOf = (value: bigint): bigint => value >> 64n;
const lowOf = (value: bigint): bigint => BigInt.asUintN(64, value);

/** A prefix: one higher half and a range of lower ones, or a range of higher ones. */
export function inPrefix({ unsigned }: Dialect, address: string, { low, high }: AddressRange): Condition {
  const [first, last] = [highOf(low), highOf(high)];
  if (first !== last)
    return { sql: `${address}_hi BETWEEN ${unsigned} AND ${unsigned}`, params: [`${first}`, `${last}`] };
  return {
    sql: `${address}_hi = ${unsigned} AND ${address}_lo BETWEEN ${unsigned} AND ${unsigned}`,
    params: [`${first}`, `${lowOf(low)}`, `${lowOf(high)}`],
  };
}
