import { z } from 'zod';
import { deviation, median } from './regularity.ts';

const HOUR_MS = 3_600_000;
const WEEK = 168;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Of a normal distribution the standard deviation is so many median absolute ones (Hampel, 1974). */
const SIGMAS = 1.4826;
/** Steps of a quantity to its double. */
const STEPS = 1.5;

/**
 * A quantity of each hour of the last week, in as many letters: quarters of it more or less are all the same here. `hour` is the one that
 * goes on, since 1970; it is not among them.
 */
export const Hours = z.object({
  past: z
    .string()
    .regex(/^[A-Za-z0-9+/]*$/)
    .max(WEEK),
  hour: z.int().nullable(),
  now: z.number().min(0),
});
export type Hours = z.infer<typeof Hours>;

export const beginHours = (): Hours => ({ past: '', hour: null, now: 0 });

/** Adds to the hour of that time; what comes late counts to the one that goes on. */
export function count(hours: Hours, amount: number, atMs: number): void {
  const hour = Math.floor(atMs / HOUR_MS);
  hours.hour ??= hour;
  const passed = Math.min(WEEK, hour - hours.hour);
  if (passed > 0) {
    hours.past = `${hours.past}${letterOf(hours.now)}${'A'.repeat(passed - 1)}`.slice(-WEEK);
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
  const amounts = Array.from(past, amountOf);
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

/** Whole days, the last one first. */
function daysOf(amounts: readonly number[]): number[][] {
  const days: number[][] = [];
  for (let end = amounts.length; end >= 24; end -= 24) days.push(amounts.slice(end - 24, end));
  return days;
}

const letterOf = (amount: number): string =>
  DIGITS[Math.min(DIGITS.length - 1, Math.round(STEPS * Math.log2(1 + amount)))]!;

const amountOf = (letter: string): number => 2 ** (DIGITS.indexOf(letter) / STEPS) - 1;
