import path from 'node:path';
import { IntentExporter } from '@hypervigil/model';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';
import { decodeRecords, encodeRecord } from '../intent/records.ts';

/** What the platform said last of exporters. */
const StoredExporters = z.array(IntentExporter);

export interface ExporterStore {
  /** Rejects with `bad-intent` when the file is damaged. */
  load(): Promise<readonly IntentExporter[]>;
  save(exporters: readonly IntentExporter[]): Promise<void>;
}

export function createExporterStore(stateDir: string): ExporterStore {
  const file = path.join(stateDir, 'exporters');
  return {
    async load() {
      const text = await readIfThere(file);
      if (text === undefined) return [];
      const [record = ''] = decodeRecords(text).texts;
      try {
        return StoredExporters.parse(JSON.parse(record));
      } catch (cause) {
        throw new EngineError('bad-intent', 'The stored exporters are not of a form that this engine reads', { cause });
      }
    },
    save: (exporters) => writeDurably(file, encodeRecord('', JSON.stringify(exporters)).line),
  };
}
