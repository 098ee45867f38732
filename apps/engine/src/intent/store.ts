import path from 'node:path';
import { HostIntent, HostIntentPatch } from '@hypervigil/model';
import { applyPatch, diffIntent } from '@hypervigil/policy';
import { EngineError } from '../errors.ts';
import { appendDurably, readIfThere, writeDurably } from '../files/durable.ts';
import { decodeRecords, encodeRecord } from './records.ts';

/** What was on disk at the start. */
interface StoredIntent {
  readonly intent: HostIntent;
  /** A change that was being written, and so was never confirmed, is lost. */
  readonly torn: boolean;
}

/** The last intent on disk: what the host enforces when nobody can be asked. */
export interface IntentStore {
  /** undefined when none was ever stored. Rejects with `bad-intent` when the file is damaged: stay closed then. */
  load(): Promise<StoredIntent | undefined>;
  /** Resolves when the intent holds through a power cut. One at a time. */
  save(intent: HostIntent): Promise<void>;
}

/** Changes that follow a document before the next is written: what a start has to replay, at about 2 ms each. */
const MAX_PATCHES = 64;

/** The file as this process wrote it. */
interface Written {
  readonly intent: HostIntent;
  readonly checksum: string;
  readonly bytes: number;
  readonly patches: number;
}

/** One file of records: a document, then patches. It is replaced by a new document at the first save and from time to time. */
export function createIntentStore(stateDir: string): IntentStore {
  const file = path.join(stateDir, 'intent');
  let written: Written | undefined;

  const saveWhole = async (intent: HostIntent): Promise<Written> => {
    const { line, checksum } = encodeRecord('', JSON.stringify(intent));
    await writeDurably(file, line);
    return { intent, checksum, bytes: Buffer.byteLength(line), patches: 0 };
  };
  const saveChange = async (before: Written, intent: HostIntent): Promise<Written> => {
    const { line, checksum } = encodeRecord(before.checksum, JSON.stringify(diffIntent(before.intent, intent)));
    await appendDurably(file, before.bytes, line);
    return { intent, checksum, bytes: before.bytes + Buffer.byteLength(line), patches: before.patches + 1 };
  };

  return {
    async load() {
      const text = await readIfThere(file);
      return text === undefined ? undefined : decodeIntent(text);
    },
    async save(intent) {
      const before = written;
      written = undefined;
      if (before && before.patches < MAX_PATCHES) {
        // A file that cannot be continued, or was changed by somebody else, can still be replaced.
        written = await saveChange(before, intent).catch(() => undefined);
      }
      written ??= await saveWhole(intent);
    },
  };
}

function decodeIntent(file: string): StoredIntent {
  const { texts, torn } = decodeRecords(file);
  const [document = '', ...patches] = texts;
  try {
    let intent = HostIntent.parse(JSON.parse(document));
    for (const text of patches) {
      const patch = HostIntentPatch.parse(JSON.parse(text));
      if (patch.base !== intent.revision) throw new Error(`A change of ${patch.base} follows ${intent.revision}`);
      intent = applyPatch(intent, patch);
    }
    return { intent, torn };
  } catch (cause) {
    throw new EngineError('bad-intent', 'The stored intent is not of a form that this engine reads', { cause });
  }
}
