import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './errors.ts';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Pause between two looks, in milliseconds. */
  readonly everyMs?: number;
}

/** How many times as long a slow machine is waited for. */
const PATIENCE = Number(process.env['HV_PATIENCE'] ?? 1);

/** For so long something is waited for here that takes at most so long on a machine that is not slow. */
export const patiently = (duration: number): number => duration * PATIENCE;

/** Looks until `look` gives something other than undefined, null or false; then hands that back. */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeoutMs, everyMs = 20 }: WaitOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + patiently(timeoutMs);
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen as Exclude<T, undefined | null | false>;
    if (performance.now() >= deadline)
      throw new LabError('LAB_TIMEOUT', `${what}: not within ${patiently(timeoutMs)} ms`);
    await delay(everyMs);
  }
}

/** Like Promise.all, but waits for all of them before it fails: nothing goes on behind the caller's back. */
export async function all<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  const failed = results.find((r) => r.status === 'rejected');
  if (failed) throw failed.reason;
  return results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
}
