import type { HostIntent } from '@hypervigil/model';
import type { IntentStore } from './store.ts';

export interface IntentSaver {
  /** Resolves when this intent, or a newer one, is on disk. Rejects when it cannot be written. */
  save(intent: HostIntent): Promise<void>;
}

/** One write at a time; what arrives meanwhile is covered by one write of the newest. */
export function createIntentSaver(store: Pick<IntentStore, 'save'>): IntentSaver {
  let newest: HostIntent | undefined;
  let stored: HostIntent | undefined;
  let writing: Promise<void> = Promise.resolve();
  return {
    save(intent) {
      newest = intent;
      const turn = writing.then(async () => {
        if (newest === undefined || newest === stored) return;
        const target = newest;
        await store.save(target);
        stored = target;
      });
      writing = turn.catch(() => undefined);
      return turn;
    },
  };
}
