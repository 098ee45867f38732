import { z } from 'zod';
import { LETTERS, letterOf, MOST_IN_LETTER, valueAt, zeros } from './letters.ts';
import { deviation, median } from './regularity.ts';

export const HOUR_MS = 3_600_000;
export const WEEK_HOURS = 168;
const [DAY, WEEK] = [24, WEEK_HOURS];
/** Before and after an hour: what speaks for it as well. */
const AROUND = 2;
const KEPT = WEEK + AROUND;
/** Of a normal distribution the standard deviation is so many median absolute ones (Hampel, 1974). */
const SIGMAS = 1.4826;
/** Steps of a quantity to its double. */
const STEPS = 1.5;

/**
 * A quantity of each hour of the last week and a little more, in as many letters: quarters of it more or less are all the same here. `hour` is the one that
 * goes on, since 1970; it is not among them.
 */
export const Hours = z.object({
  past: z.string().regex(LETTERS).max(KEPT),
  hour: z.int().nullable(),
  now: z.number().min(0),
});
export type Hours = z.infer<typeof Hours>;

export const beginHours = (): Hours => ({ past: '', hour: null, now: 0 });

/** Adds to the hour of that time; what comes late counts to the one that goes on. */
export function count(hours: Hours, amount: number, atMs: number): void {
  const hour = Math.floor(atMs / HOUR_MS);
  hours.hour ??= hour;
  const passed = Math.min(KEPT, hour - hours.hour);
  if (passed > 0) {
    hours.past = `${hours.past}${written(hours.now)}${zeros(passed - 1)}`.slice(-KEPT);
    Object.assign(hours, { hour, now: 0 });
  }
  hours.now += amount;
}

/** What an hour of the past has at most: what is normal for it, and half of the days' busiest hours. */
export interface Usual {
  /** So many hours are known. */
  readonly known: number;
  readonly atMost: number;
  /** Whether this hour of the day is a quiet one: on no day so far it had a tenth of what the busiest hour of a day has. */
  readonly isQuiet: boolean;
}

export function usual({ past }: Hours): Usual {
  const amounts = amountsOf(past);
  const middle = median(amounts);
  const busiest = daysOf(amounts).map((day) => Math.max(...day));
  const busy = median(busiest);
  const atThisHour = amounts.filter((_, n) => (amounts.length - n) % 24 === 0);
  return {
    known: amounts.length,
    atMost: Math.max(middle + 3 * SIGMAS * deviation(amounts, middle), busy),
    isQuiet: atThisHour.length >= 2 && busy > 0 && atThisHour.every((amount) => amount < busy / 10),
  };
}

/**
 * What this hour of the week has at most, by the same hours of the last seven days and two before and after each, robustly: their
 * median and median absolute deviation, what two of the days had, and what it was a week ago. Undefined before a week is known.
 */
export const usualNow = ({ past }: Hours): number | undefined =>
  past.length < WEEK ? undefined : usualAfter(amountsOf(past));

/**
 * The same of each hour of the week, from the one that goes on: of those to come as if the hours up to them were what they were a
 * week ago. 168 numbers, or undefined before a week is known.
 */
export function usualWeek({ past }: Hours): number[] | undefined {
  if (past.length < WEEK) return undefined;
  const amounts = amountsOf(past);
  const again = amounts.slice(-WEEK);
  return again.map((_, ahead) => usualAfter([...amounts, ...again.slice(0, ahead)]));
}

/** What each of the last 168 hours had, the oldest first; undefined of those before anything was known. */
export function lastWeek({ past }: Hours): (number | undefined)[] {
  const amounts = amountsOf(past);
  return Array.from({ length: WEEK }, (_, n) => amounts[amounts.length - WEEK + n]);
}

/** When the hour that goes on began, and the first that is known, milliseconds since 1970. */
export const hourOf = ({ hour, past }: Hours) =>
  hour === null ? undefined : { atMs: hour * HOUR_MS, sinceMs: (hour - past.length) * HOUR_MS };

/** Of the hour after these. */
function usualAfter(amounts: readonly number[]): number {
  /** Each day's hours around this one, the last day first. */
  const days = Array.from({ length: WEEK / DAY }, (_, n) => {
    const at = amounts.length - DAY * (n + 1);
    return amounts.slice(Math.max(0, at - AROUND), at + AROUND + 1);
  });
  const near = days.flat();
  const middle = median(near);
  const most = days.map((day) => Math.max(...day));
  const second = most.toSorted((a, b) => b - a)[1]!;
  return Math.max(middle + 3 * SIGMAS * deviation(near, middle), second, most.at(-1)!);
}

/** Whole days, the last one first. */
function daysOf(amounts: readonly number[]): number[][] {
  const days: number[][] = [];
  for (let end = amounts.length; end >= 24; end -= 24) days.push(amounts.slice(end - 24, end));
  return days;
}

const written = (amount: number): string =>
  letterOf(Math.min(MOST_IN_LETTER, Math.round(STEPS * Math.log2(1 + amount))));

const amountsOf = (past: string): number[] => Array.from(past, (_, at) => 2 ** (valueAt(past, at) / STEPS) - 1);
