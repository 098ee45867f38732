import path from 'node:path';
import { IntentGateway } from '@hypervigil/model';
import { z } from 'zod';
import { EngineError } from '../errors.ts';
import { readIfThere, writeDurably } from '../files/durable.ts';
import { decodeRecords, encodeRecord } from '../intent/records.ts';

const StoredGateways = z.object({
  /** What the platform said last. */
  wanted: z.array(IntentGateway),
  /** Domains that this host's engine has made and not yet removed: ids that are its own to end. */
  made: z.array(z.guid()),
  /** Number of the newest image that one was started from. */
  release: z.int().min(0).default(0),
});
export type StoredGateways = z.infer<typeof StoredGateways>;

export const NO_GATEWAYS: StoredGateways = { wanted: [], made: [], release: 0 };

export interface GatewayStore {
  /** Rejects with `bad-intent` when the file is damaged. */
  load(): Promise<StoredGateways>;
  save(gateways: StoredGateways): Promise<void>;
}

export function createGatewayStore(stateDir: string): GatewayStore {
  const file = path.join(stateDir, 'gateways');
  return {
    async load() {
      const text = await readIfThere(file);
      if (text === undefined) return NO_GATEWAYS;
      const [record = ''] = decodeRecords(text).texts;
      try {
        return StoredGateways.parse(JSON.parse(record));
      } catch (cause) {
        throw new EngineError('bad-intent', 'The stored gateways are not of a form that this engine reads', { cause });
      }
    },
    save: (gateways) => writeDurably(file, encodeRecord('', JSON.stringify(gateways)).line),
  };
}

/** What is stored, at hand: a change holds at once, and is durable when `save` resolves. */
export interface KeptGateways {
  now(): StoredGateways;
  save(change: Partial<StoredGateways>): Promise<void>;
}

export function keepGateways(store: Pick<GatewayStore, 'save'>, stored: StoredGateways): KeptGateways {
  let now = stored;
  return {
    now: () => now,
    save(change) {
      now = { ...now, ...change };
      return store.save(now);
    },
  };
}
