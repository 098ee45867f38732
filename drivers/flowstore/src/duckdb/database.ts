import type { DuckDBConnection } from '@duckdb/node-api';
import { FlowStoreError } from '../errors.ts';
import { classify, type EngineLimits, engineError, moveAside, type Opened, openDatabase } from './open.ts';

type Work<T> = (connection: DuckDBConnection) => Promise<T>;

/**
 * An open database: one writer at a time, readers beside it. When the engine finds damage while running, the file is
 * moved aside and a new one begun; when it gave up after a failure such as a full disk, the same file is opened again.
 */
export class Database {
  readonly #path: string;
  readonly #limits: EngineLimits;
  readonly #now: () => number;
  readonly #reading = new Set<Promise<unknown>>();
  #writing: Promise<unknown> = Promise.resolve();
  #opened: Opened;

  constructor(path: string, limits: EngineLimits, now: () => number, opened: Opened) {
    this.#path = path;
    this.#limits = limits;
    this.#now = now;
    this.#opened = opened;
  }

  static async open(path: string, limits: EngineLimits, now: () => number): Promise<Database> {
    return new Database(path, limits, now, await openDatabase(path, limits, now));
  }

  get movedAside(): string | null {
    return this.#opened.movedAside;
  }

  /** Given up after a time: `FLOWSTORE_TOO_SLOW`. */
  read<T>(work: Work<T>): Promise<T> {
    const result = this.#run((connection) => this.#inTime(connection, work));
    this.#reading.add(result);
    const done = () => this.#reading.delete(result);
    result.then(done, done);
    return result;
  }

  /** Runs when all writing before it is done. */
  write<T>(work: Work<T>): Promise<T> {
    return this.#inTurn(() => this.#run(work));
  }

  async #inTime<T>(connection: DuckDBConnection, work: Work<T>): Promise<T> {
    // Again and again: what comes between two statements of a question is lost.
    const timer = setInterval(() => connection.interrupt(), this.#limits.querySeconds * 1000);
    try {
      return await work(connection);
    } finally {
      clearInterval(timer);
    }
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await Promise.allSettled(this.#reading);
      this.#opened.instance.closeSync();
    });
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(task);
    this.#writing = result.catch(() => undefined);
    return result;
  }

  async #run<T>(work: Work<T>): Promise<T> {
    const opened = this.#opened;
    try {
      const connection = await opened.instance.connect();
      try {
        return await work(connection);
      } finally {
        connection.disconnectSync();
      }
    } catch (error) {
      if (error instanceof FlowStoreError) throw error;
      if (classify(error) !== 'other') void this.#inTurn(() => this.#replace(opened, error));
      throw engineError(error);
    }
  }

  /** Closes what failed and opens it, or its successor. A failure here shows in the next call. */
  async #replace(failed: Opened, cause: unknown): Promise<void> {
    if (this.#opened !== failed) return;
    // One process must not have a file open twice, so the last reader leaves first.
    while (this.#reading.size > 0) await Promise.allSettled(this.#reading);
    failed.instance.closeSync();
    const aside = classify(cause) === 'damage' ? await moveAside(this.#path, this.#now()) : null;
    const opened = await openDatabase(this.#path, this.#limits, this.#now);
    this.#opened = { ...opened, movedAside: aside ?? opened.movedAside ?? failed.movedAside };
  }
}
