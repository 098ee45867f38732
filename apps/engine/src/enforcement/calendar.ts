import type { HostIntent } from '@hypervigil/model';
import { intentAt, nextTurn } from '@hypervigil/policy';

/** Knows which rules it is time for, by this host's own clock: an end comes also while the platform is away. */
export interface Calendar {
  /** What of a document is in force now. */
  inForce(intent: HostIntent): HostIntent;
  /** From now on these documents are watched: at the next instant that makes any of them another, `onTurn` is called. */
  watch(intents: readonly HostIntent[]): void;
  stop(): void;
}

/** A clock may be set while we wait: no wait is longer. */
const MAX_WAIT_MS = 60_000;

export function createCalendar(now: () => number, onTurn: () => void): Calendar {
  let timer: NodeJS.Timeout | undefined;
  const instant = () => new Date(now());
  return {
    inForce: (intent) => intentAt(intent, instant()),
    watch(intents) {
      clearTimeout(timer);
      const at = instant();
      const turns = intents.flatMap((intent) => nextTurn(intent, at)?.getTime() ?? []);
      if (turns.length === 0) return;
      timer = setTimeout(onTurn, Math.min(Math.min(...turns) - at.getTime(), MAX_WAIT_MS));
      timer.unref();
    },
    stop: () => clearTimeout(timer),
  };
}
