import { randomUUID } from 'node:crypto';
import type { EngineMessage } from '@hypervigil/contract';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Batch, Spool } from './spool.ts';

/** Flows, and names that passed gateways. */
type Told = Readonly<Pick<Batch, 'records' | 'names'>>;

export interface FlowSender {
  /** Spools the records as batches and sends what may be sent. Never rejects: what could not be kept is counted. */
  flush(told: Told, lostBefore: number): Promise<void>;
  acknowledged(batch: string): Promise<void>;
  /** A session began: nothing of what was sent before is known to have arrived. */
  restart(): Promise<void>;
  /** Records lost since the start of the engine, for whatever reason. */
  lost(): number;
  /** Why the last write failed, while it does. */
  failing(): string | undefined;
}

interface SenderDeps {
  readonly spool: Spool;
  readonly send: (message: EngineMessage) => boolean;
  readonly log: Log;
}

const BATCH_RECORDS = 5_000;
/** Batches sent and not acknowledged, at most. */
const WINDOW = 8;

/** Moves flow records from memory to the platform by way of the disk: at least once, in batches that carry their id. */
export function createFlowSender({ spool, send, log }: SenderDeps): FlowSender {
  const inFlight = new Set<string>();
  let untoldLoss = 0;
  let totalLost = 0;
  let failing: string | undefined;
  let pumping: Promise<void> | undefined;
  let pumpAgain = false;

  const count = (lost: number): void => {
    untoldLoss += lost;
    totalLost += lost;
  };

  const pump = async (): Promise<void> => {
    do {
      pumpAgain = false;
      for (const batch of await spool.oldest(WINDOW - inFlight.size, inFlight)) {
        if (!send({ type: 'flows', ...batch })) return;
        inFlight.add(batch.batch);
      }
    } while (pumpAgain);
  };
  const startPump = (): Promise<void> => {
    pumpAgain = true;
    pumping ??= pump()
      .catch((error: unknown) => log.warn({ reason: describeError(error) }, 'the spool cannot be read'))
      .finally(() => {
        pumping = undefined;
      });
    return pumping;
  };

  const keep = async (told: Told): Promise<void> => {
    const lost = untoldLoss;
    try {
      await spool.append({ batch: randomUUID(), ...told, lost });
      untoldLoss -= lost;
      if (failing !== undefined) log.info('the spool takes records again');
      failing = undefined;
    } catch (error) {
      if (failing === undefined) log.error({ reason: describeError(error) }, 'flow records are being lost');
      failing = describeError(error);
      count(told.records.length + told.names.length);
    }
    count(spool.takeDropped());
  };

  return {
    async flush({ records, names }, lostBefore) {
      count(lostBefore);
      for (let at = 0; at < Math.max(records.length, names.length); at += BATCH_RECORDS) {
        const end = at + BATCH_RECORDS;
        await keep({ records: records.slice(at, end), names: names.slice(at, end) });
      }
      await startPump();
    },
    async acknowledged(batch) {
      inFlight.delete(batch);
      await spool.forget(batch);
      await startPump();
    },
    async restart() {
      inFlight.clear();
      await startPump();
    },
    lost: () => totalLost,
    failing: () => failing,
  };
}
