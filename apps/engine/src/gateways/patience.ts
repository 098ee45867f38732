/** A gateway that passes nothing any more, or after its start nothing yet, for so long is started anew. */
const HOPELESS_MS = { silent: 60_000, starting: 300_000 } as const;

/** How long a gateway that passes nothing is waited for, from one start of it to the next. */
export interface Patience {
  /** From now on packets pass, or none any more. */
  turned(passes: boolean): void;
  /** Whether packets passed at any time since its start. */
  hasPassed(): boolean;
  /** Of one that passes nothing now. */
  isOver(): boolean;
}

/** @param isAdopted started by an earlier process, which may have seen packets pass */
export function createPatience(now: () => number, isAdopted = false): Patience {
  let hasPassed = isAdopted;
  let silentSince = now();
  return {
    turned(passes) {
      // Silence before the first packet is that of the gateway in whose place this one is being started.
      if (!passes && !hasPassed) return;
      hasPassed = true;
      silentSince = now();
    },
    hasPassed: () => hasPassed,
    isOver: () => now() - silentSince >= HOPELESS_MS[hasPassed ? 'silent' : 'starting'],
  };
}
