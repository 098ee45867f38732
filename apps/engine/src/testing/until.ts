import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when the condition holds; rejects when it does not within the deadline. */
export async function until(condition: () => unknown, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition}`);
    await delay(5);
  }
}
