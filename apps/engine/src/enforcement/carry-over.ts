export interface CarryOver {
  /** From now on and for a bounded time. */
  begin(vnics: Iterable<number>): void;
  current(): ReadonlySet<number>;
  stop(): void;
}

/**
 * vNICs whose connections may go on although this switch has not seen them begin: they came with a migration, or the
 * switch lost its memory in a restart. The time is bounded, since a packet in the middle of nothing is also what a
 * scanner sends.
 */
export function createCarryOver(durationMs: number, ended: () => void): CarryOver {
  const timers = new Map<number, NodeJS.Timeout>();
  return {
    begin(vnics) {
      for (const num of vnics) {
        clearTimeout(timers.get(num));
        const timer = setTimeout(() => {
          timers.delete(num);
          ended();
        }, durationMs);
        timer.unref();
        timers.set(num, timer);
      }
    },
    current: () => new Set(timers.keys()),
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
