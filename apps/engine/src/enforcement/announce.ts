import type { EngineMessage } from '@hypervigil/contract';
import type { HostIntent } from '@hypervigil/model';
import { describeError } from '../errors.ts';
import type { IntentSaver } from '../intent/saver.ts';
import type { Log } from '../log.ts';
import { type Applied, EMPTY_INTENT } from './owner.ts';

export interface Announcer {
  /** Says that an intent is enforced once it is also on disk: only then does it hold through a restart. */
  applied(applied: Applied, intent: HostIntent): void;
  /** Says the last again, to a platform that may not have heard it. */
  again(): void;
  stop(): void;
}

interface AnnouncerDeps {
  readonly saver: IntentSaver;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
  /** How long after an intent could not be stored it is tried again. */
  readonly retryMs?: number;
}

const RETRY_MS = 5_000;

export function createAnnouncer({ saver, send, log, retryMs = RETRY_MS }: AnnouncerDeps): Announcer {
  let last: Applied | undefined;
  let retry: NodeJS.Timeout | undefined;
  const say = (applied: Applied): void => {
    last = applied;
    send({ type: 'applied', ...applied });
  };
  const store = async (applied: Applied, intent: HostIntent): Promise<void> => {
    try {
      await saver.save(intent);
      say(applied);
    } catch (error) {
      const reason = describeError(error);
      if (last?.revision !== applied.revision || last.error === null)
        log.error({ reason }, 'the intent is enforced but cannot be stored');
      say({ ...applied, error: `Enforced, but not stored: ${reason}`.slice(0, 2000) });
      clearTimeout(retry);
      retry = setTimeout(() => void store(applied, intent), retryMs);
    }
  };
  return {
    applied(applied, intent) {
      clearTimeout(retry);
      if (intent === EMPTY_INTENT || applied.error !== null) say(applied);
      else void store(applied, intent);
    },
    again() {
      if (last) send({ type: 'applied', ...last });
    },
    stop: () => clearTimeout(retry),
  };
}
