/** The members of a longest rising subsequence of distinct numbers (patience sorting). */
export function longestRising(numbers: readonly number[]): Set<number> {
  const piles: number[] = [];
  const below = new Map<number, number | undefined>();
  for (const n of numbers) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (piles[middle]! < n) low = middle + 1;
      else high = middle;
    }
    piles[low] = n;
    below.set(n, piles[low - 1]);
  }
  const rising = new Set<number>();
  for (let n = piles.at(-1); n !== undefined; n = below.get(n)) rising.add(n);
  return rising;
}
