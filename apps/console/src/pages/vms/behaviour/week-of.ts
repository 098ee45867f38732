import type { BehaviourHour } from '@hypervigil/model';

/** Where an hour of the week stands in a picture of it, in the reader's zone: days from Monday on. */
export function placeOf(at: string): { readonly day: number; readonly hour: number } {
  const local = new Date(at);
  return { day: (local.getDay() + 6) % 7, hour: local.getHours() };
}

/** How dark it is, from 0 to 1, by the cube root of how much of the most it is: quiet hours are to be told from each other, too. */
export const shareOf = (amount: number, most: number): number => (most === 0 ? 0 : Math.cbrt(amount / most));

/** The most that any hour had, or usually has at most. */
export const mostOf = (week: readonly BehaviourHour[]): number =>
  Math.max(0, ...week.flatMap(({ seen, usual }) => [seen ?? 0, usual ?? 0]));
