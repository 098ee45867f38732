import { setTimeout as pause } from 'node:timers/promises';
import { FlowStoreError } from '../errors.ts';
import { type Batch, BLOCK_COLUMNS, blockOf } from './batch.ts';
import { type Claim, claim, STEP_SECONDS } from './claims.ts';
import { RECORDS } from './schema.ts';
import type { Server } from './server.ts';
import { engineError, ServerError } from './server-error.ts';

type Outcome = 'stored' | 'known' | 'taken';

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: FlowStoreError) => void;
}

/** Rows of one insert, more or less: a block of under a million stays one part. */
const MAX_ROWS = 200_000;
/** Each insert is a part that has to be merged: so many of them a second, at most, are no trouble. */
const APART_MS = 200;
/** Tries for a batch that some other process is storing. */
const TRIES = 20;

/** Stores batches: all that wait at once, while the next gather. */
export class Writer {
  readonly #server: Server;
  readonly #now: () => number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | null = null;
  #lastMs = 0;

  constructor(server: Server, now: () => number) {
    this.#server = server;
    this.#now = now;
  }

  /** @throws FlowStoreError */
  async append(batch: Batch): Promise<{ stored: boolean }> {
    for (let tries = 0; tries < TRIES; tries++) {
      const outcome = await this.#put(batch);
      if (outcome !== 'taken') return { stored: outcome === 'stored' };
      await pause(50 + Math.random() * 250);
    }
    throw new FlowStoreError(
      'FLOWSTORE_BUSY',
      'Another process began to store the batch and has not ended yet. Send it again.',
    );
  }

  async settled(): Promise<void> {
    while (this.#flushing !== null) await this.#flushing;
  }

  #put(batch: Batch): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const early = this.#lastMs + APART_MS - performance.now();
      if (early > 0) await pause(early);
      this.#lastMs = performance.now();
      const group = this.#next();
      try {
        const outcomes = await this.#store(group.map(({ batch }) => batch));
        for (const [n, { resolve }] of group.entries()) resolve(outcomes[n]!);
      } catch (cause) {
        const error = engineError(cause);
        for (const { reject } of group) reject(error);
      }
    }
    this.#flushing = null;
  }

  #next(): Waiting[] {
    let rows = 0;
    const more = this.#waiting.findIndex(({ batch }, n) => {
      rows += batch.updates.rows + batch.names.rows;
      return n > 0 && rows > MAX_ROWS;
    });
    return this.#waiting.splice(0, more < 0 ? this.#waiting.length : more);
  }

  async #store(batches: readonly Batch[]): Promise<Outcome[]> {
    const ids = [...new Set(batches.map(({ id }) => id))];
    const claimed = await claim(this.#server, ids);
    const { known, taken } = claimed;
    const fresh = ids.filter((id) => !known.has(id) && !taken.has(id));
    await claimed.withdraw(ids.filter((id) => !known.has(id) && taken.has(id)));
    // Of batches with the same id, the first.
    const first = new Map(batches.toReversed().map((batch) => [batch.id, batch]));
    if (fresh.length > 0)
      await this.#insert(
        fresh.map((id) => first.get(id)!),
        claimed,
      );
    return batches.map((batch) => {
      if (known.has(batch.id)) return 'known';
      if (taken.has(batch.id)) return 'taken';
      return first.get(batch.id) === batch ? 'stored' : 'known';
    });
  }

  async #insert(batches: readonly Batch[], claimed: Claim): Promise<void> {
    const sql = `INSERT INTO ${RECORDS} (${BLOCK_COLUMNS.join(', ')}) FORMAT Native`;
    try {
      await this.#server.send(sql, blockOf(batches, this.#now()), STEP_SECONDS);
    } catch (error) {
      // Of what got no answer nobody knows whether it is stored: until its claim ends, it may be yet.
      if (error instanceof ServerError) await claimed.withdraw(batches.map(({ id }) => id)).catch(() => undefined);
      throw error;
    }
  }
}
