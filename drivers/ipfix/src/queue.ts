import type { FlowRecord } from './flow-record.ts';

export interface QueueStats {
  /** Flows dropped because the queue was full. */
  readonly queueDrops: number;
  /** Flows lost because the receiver failed. */
  readonly failed: number;
  /** Flows that wait now. */
  readonly waiting: number;
}

type OnBatch = (records: FlowRecord[]) => Promise<void> | void;

/** Hands over flows a batch at a time; what comes meanwhile waits, up to a limit. */
export class BatchQueue {
  readonly #limit: number;
  readonly #onBatch: OnBatch;
  #waiting: FlowRecord[] = [];
  #handingOver: Promise<void> | null = null;
  #queueDrops = 0;
  #failed = 0;

  constructor(onBatch: OnBatch, limit: number) {
    this.#onBatch = onBatch;
    this.#limit = limit;
  }

  get stats(): QueueStats {
    return { queueDrops: this.#queueDrops, failed: this.#failed, waiting: this.#waiting.length };
  }

  /** Keeps a copy of the record, or drops it when the queue is full. */
  push(record: FlowRecord): void {
    if (this.#waiting.length >= this.#limit) {
      this.#queueDrops++;
      return;
    }
    this.#waiting.push(record.clone());
    this.#handingOver ??= this.#handOver();
  }

  /** Resolves when everything that was pushed has been handed over. */
  async drained(): Promise<void> {
    await this.#handingOver;
  }

  async #handOver(): Promise<void> {
    // Datagrams that came with this one join its batch.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#onBatch(batch);
      } catch {
        this.#failed += batch.length;
      }
    }
    this.#handingOver = null;
  }
}
