/** Sets of small numbers, as the bits of a bigint: `a | b`, `a & b`, `a & ~b`, and `0n` for nothing. */
export type Bits = bigint;

export const bit = (n: number): Bits => 1n << BigInt(n);

/** The smallest number in a set that is not empty. */
export const lowest = (bits: Bits): number => (bits & -bits).toString(2).length - 1;

export const isSingle = (bits: Bits): boolean => bits !== 0n && (bits & (bits - 1n)) === 0n;

/** Its numbers, ascending. */
export function numbersIn(bits: Bits): number[] {
  const numbers: number[] = [];
  const digits = bits.toString(16);
  for (let place = digits.length - 1, base = 0; place >= 0; place--, base += 4) {
    // Most digits of most sets are zero.
    if (digits[place] === '0') continue;
    const digit = Number.parseInt(digits[place]!, 16);
    for (let n = 0; n < 4; n++) if (digit & (1 << n)) numbers.push(base + n);
  }
  return numbers;
}
