/** Waiting times between attempts: doubling from `firstMs` to `maxMs`, each cut by a random part of up to a half. */
export interface Backoff {
  next(): number;
  /** After a success. */
  reset(): void;
}

/** @param random yields 0 ≤ x < 1, so that hosts that lost one platform together do not come back together. */
export function createBackoff(firstMs: number, maxMs: number, random: () => number): Backoff {
  let ceiling = firstMs;
  return {
    next() {
      const wait = ceiling * (1 - random() / 2);
      ceiling = Math.min(maxMs, ceiling * 2);
      return Math.round(wait);
    },
    reset() {
      ceiling = firstMs;
    },
  };
}
