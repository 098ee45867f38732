import type { EngineMessage, PlatformMessage } from '@hypervigil/contract';
import type { HostIntent, HostIntentPatch } from '@hypervigil/model';
import { applyPatch } from '@hypervigil/policy';

export type IntentMessage = Extract<PlatformMessage, { type: 'intent' | 'intent.patch' }>;

interface ReceiverDeps {
  readonly current: () => HostIntent;
  readonly accept: (intent: HostIntent, patch?: HostIntentPatch) => void;
  readonly send: (message: EngineMessage) => boolean;
}

/**
 * Follows the platform's intent by documents and patches. A patch that does not start from what is held is answered
 * by asking for the whole document, once until it comes.
 */
export function createIntentReceiver({ current, accept, send }: ReceiverDeps) {
  let asked = false;
  return {
    receive(message: IntentMessage): void {
      if (message.type === 'intent') {
        asked = false;
        accept(message.intent);
        return;
      }
      const { patch } = message;
      const held = current();
      if (patch.base === held.revision && !asked) accept(applyPatch(held, patch), patch);
      else if (!asked) asked = send({ type: 'intent.wanted', have: held.revision });
    },
    /** A new session: whatever was asked for before will not be answered. */
    restart(): void {
      asked = false;
    },
  };
}
