/** One measured figure. `ratio` is ours beside the peer's in the sense that `goal` says; null where nothing was compared. */
export interface Metric {
  readonly name: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What was measured beside it, or an empty string. */
  readonly peer: string;
  readonly ratio: number | null;
  readonly goal: string;
  readonly pass: boolean;
}

/** The middle of the values; of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half];
  if (upper === undefined) throw new RangeError('the median of nothing');
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/** The value that a share `p` (0 … 1) of the values does not exceed (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
  if (value === undefined) throw new RangeError('a percentile of nothing');
  return value;
}

/** What `run` returns, and how long it took in milliseconds. */
export function timed<T>(run: () => T): readonly [T, number] {
  const begin = performance.now();
  const result = run();
  return [result, performance.now() - begin];
}

/** A figure of `bench policy` that nobody else has one beside. */
export function atMost(metric: string, value: number, unit: string, goal: number): Metric {
  const rounded = Number(value.toPrecision(3));
  return {
    name: 'policy',
    metric,
    value: rounded,
    unit,
    peer: '',
    ratio: null,
    goal: `≤ ${goal} ${unit}`,
    pass: value <= goal,
  };
}
