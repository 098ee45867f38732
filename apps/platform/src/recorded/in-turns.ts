import { setImmediate as otherWork } from 'node:timers/promises';

/**
 * Runs work that yields between its parts: others are answered in between, and a caller who has gone ends it.
 * @throws the signal's reason
 */
export async function inTurns<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const step = steps.next();
    if (step.done) return step.value;
    await otherWork();
  }
}
