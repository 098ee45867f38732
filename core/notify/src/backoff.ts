const FIRST_MS = 2_000;
const LONGEST_MS = 3_600_000;
/** A message that nobody took for so long is given up. */
export const GIVE_UP_MS = 24 * 3_600_000;
/** A destination that cannot be reached is tried again at least this often: what waits goes out soon after it is back. */
export const LONGEST_ROUTE_MS = 300_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, up to `longestMs`, half of it by chance, so that
 * what failed together does not come back together.
 * @param failures from 1
 * @param random between 0 and 1
 */
export function retryAfterMs(failures: number, random: number, longestMs = LONGEST_MS): number {
  const whole = Math.min(longestMs, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.round(whole / 2 + (random * whole) / 2);
}
