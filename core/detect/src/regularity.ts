/** How regularly something happens. */
export interface Regularity {
  /** The median of the times between, in the unit of the times. */
  readonly period: number;
  /** The median deviation from it, as a share of it: 0.25 for what is put off by up to half a period at random. */
  readonly jitter: number;
  /** Bowley's skewness of the times between, from -1 to 1; 0 for what is put off as often as it is brought forward. */
  readonly skew: number;
  /** The logarithm (base 10) of how likely it is, at most, that what happens at random looks as regular. */
  readonly chance: number;
}

/** Below this a quotient of two times between says more about the clock. */
const LEAST_SPREAD = 1.02;

/**
 * Judges times in rising order. Skewness (Bowley, "Elements of Statistics", 1920) and median absolute deviation are what RITA (Active
 * Countermeasures) scores beacons by, robust against a call that was missed. It leaves open how many calls are enough; here
 * that is counted: of n intervals of a Poisson process k are all within a factor r of each other with a chance of at most
 * n · C(n-1, k-1) · p^(k-1), where p = max over a of exp(-a) - exp(-ra). The few shortest and longest are not among the k.
 * @returns undefined of fewer than four times
 */
export function regularityOf(times: readonly number[]): Regularity | undefined {
  if (times.length < 4) return undefined;
  const between = times
    .slice(1)
    .map((time, n) => time - times[n]!)
    .sort((a, b) => a - b);
  const [period, low, high] = [quantile(between, 0.5), quantile(between, 0.25), quantile(between, 0.75)];
  if (period <= 0) return undefined;
  return {
    period,
    jitter: deviation(between, period) / period,
    skew: high > low ? (high + low - 2 * period) / (high - low) : 0,
    chance: chanceOf(between),
  };
}

/** Of leaving out none, or a few of the shortest and as many of the longest: whichever looks most regular, for that choice. */
function chanceOf(between: readonly number[]): number {
  const most = Math.floor(between.length / 12);
  const chances = Array.from({ length: most + 1 }, (_, left) => chanceWithout(between, left));
  return Math.min(0, Math.min(...chances) + Math.log10(chances.length));
}

function chanceWithout(between: readonly number[], left: number): number {
  const n = between.length;
  const k = n - 2 * left;
  const [shortest, longest] = [between[left]!, between[n - 1 - left]!];
  if (shortest <= 0) return 0;
  const r = Math.max(LEAST_SPREAD, longest / shortest);
  const p = r ** (-1 / (r - 1)) * (1 - 1 / r);
  let choices = Math.log10(n);
  for (let i = 1; i < k; i++) choices += Math.log10((n - i) / i);
  return choices + (k - 1) * Math.log10(p);
}

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/** The median absolute deviation from a middle. */
export const deviation = (values: readonly number[], middle: number): number =>
  median(values.map((value) => Math.abs(value - middle)));

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? 0;
  return low + ((sorted[Math.ceil(at)] ?? low) - low) * (at % 1);
}
