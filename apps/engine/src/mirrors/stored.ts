import path from 'node:path';
import { Id, IntentMirror } from '@hypervigil/model';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';
import { decodeRecords, encodeRecord } from '../intent/records.ts';

/** What the platform said last of mirrors. */
const StoredMirrors = z.object({ mirrors: z.array(IntentMirror), keep: z.array(Id) });
export type StoredMirrors = z.infer<typeof StoredMirrors>;

export interface MirrorStore {
  /** Rejects with `bad-intent` when the file is damaged. */
  load(): Promise<StoredMirrors>;
  save(mirrors: StoredMirrors): Promise<void>;
}

export function createMirrorStore(stateDir: string): MirrorStore {
  const file = path.join(stateDir, 'mirrors');
  return {
    async load() {
      const text = await readIfThere(file);
      if (text === undefined) return { mirrors: [], keep: [] };
      const [record = ''] = decodeRecords(text).texts;
      try {
        return StoredMirrors.parse(JSON.parse(record));
      } catch (cause) {
        throw new EngineError('bad-intent', 'The stored mirrors are not of a form that this engine reads', { cause });
      }
    },
    save: (mirrors) => writeDurably(file, encodeRecord('', JSON.stringify(mirrors)).line),
  };
}
