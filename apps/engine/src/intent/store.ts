import { createHash } from 'node:crypto';
import path from 'node:path';
import { HostIntent } from '@hypervigil/model';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';

/** The last intent on disk: what the host enforces when nobody can be asked. */
export interface IntentStore {
  /** undefined when none was ever stored. Rejects with `bad-intent` when the file is damaged: stay closed then. */
  load(): Promise<HostIntent | undefined>;
  save(intent: HostIntent): Promise<void>;
}

/** `sha256` in hexadecimal of the JSON text that follows on the second line. */
export function createIntentStore(stateDir: string): IntentStore {
  const file = path.join(stateDir, 'intent');
  return {
    async load() {
      const text = await readIfThere(file);
      if (text === undefined) return undefined;
      return decodeIntent(text);
    },
    save: (intent) => writeDurably(file, encodeIntent(intent)),
  };
}

function encodeIntent(intent: HostIntent): string {
  const body = JSON.stringify(intent);
  return `${digest(body)}\n${body}`;
}

function decodeIntent(text: string): HostIntent {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end !== 64 || digest(body) !== text.slice(0, end))
    throw new EngineError('bad-intent', 'The stored intent does not match its checksum');
  try {
    return HostIntent.parse(JSON.parse(body));
  } catch (cause) {
    throw new EngineError('bad-intent', 'The stored intent is not of a form that this engine reads', { cause });
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
