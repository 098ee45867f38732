/** A step that no load explains; leases are half a minute and more. */
const STEP_MS = 10_000;

/**
 * Notices that a clock was set, by what passed on a clock that only moves forward.
 * @param steady milliseconds
 */
export function createStepWatch(steady: () => number) {
  let offset: number | undefined;
  return {
    /** Whether the clock that now shows `now` was set since the last call. */
    wasSet(now: Date): boolean {
      const before = offset;
      offset = now.getTime() - steady();
      return before !== undefined && Math.abs(offset - before) > STEP_MS;
    },
  };
}
