/** Sets of small numbers, as the bits of a bigint: `a | b`, `a & b`, `a & ~b`, and `0n` for nothing. */
export type Bits = bigint;

export const bit = (n: number): Bits => 1n << BigInt(n);

/** The smallest number in a set that is not empty. */
export const lowest = (bits: Bits): number => (bits & -bits).toString(2).length - 1;

export const isSingle = (bits: Bits): boolean => bits !== 0n && (bits & (bits - 1n)) === 0n;

/** Its numbers, ascending. */
export function* numbersIn(bits: Bits): Iterable<number> {
  const text = bits.toString(2);
  for (let i = text.length - 1; i >= 0; i--) if (text[i] === '1') yield text.length - 1 - i;
}
