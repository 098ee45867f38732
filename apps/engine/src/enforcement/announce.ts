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
}

interface AnnouncerDeps {
  readonly saver: IntentSaver;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

export function createAnnouncer({ saver, send, log }: AnnouncerDeps): Announcer {
  let last: Applied | undefined;
  const say = (applied: Applied): void => {
    last = applied;
    send({ type: 'applied', ...applied });
  };
  return {
    applied(applied, intent) {
      const isStored = intent === EMPTY_INTENT || applied.error !== null ? Promise.resolve() : saver.save(intent);
      isStored.then(
        () => say(applied),
        (error: unknown) => {
          log.error({ reason: describeError(error) }, 'the intent is enforced but cannot be stored');
          say({ ...applied, error: `Enforced, but not stored: ${describeError(error)}`.slice(0, 2000) });
        },
      );
    },
    again() {
      if (last) send({ type: 'applied', ...last });
    },
  };
}
