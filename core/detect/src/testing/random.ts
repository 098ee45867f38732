/** Chance that can be repeated. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole, both ends possible. */
  int(low: number, high: number): number;
  exponential(mean: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    exponential: (mean) => Math.max(1, Math.round(-mean * Math.log(1 - next()))),
    pick: (from) => from[int(0, from.length - 1)]!,
  };
}
