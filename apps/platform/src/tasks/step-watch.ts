/**
 * Notices that a clock was set, by what passed on a clock that only moves forward.
 * @param stepMs what is less is slewing, or load; milliseconds
 * @param steady milliseconds
 */
export function createStepWatch(stepMs: number, steady: () => number) {
  let offset: number | undefined;
  return {
    /** Whether the clock that now shows `now` (milliseconds since 1970) was set since the last call. */
    wasSet(now: number): boolean {
      const before = offset;
      offset = now - steady();
      return before !== undefined && Math.abs(offset - before) > stepMs;
    },
  };
}
