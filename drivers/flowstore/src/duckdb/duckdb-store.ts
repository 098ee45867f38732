import type { DuckDBConnection } from '@duckdb/node-api';
import { requireBatchId } from '../batch-id.ts';
import { FlowStoreError } from '../errors.ts';
import type { Column } from '../rows/column.ts';
import type { FlowStore, FlowStoreStats } from '../store.ts';
import { COLUMNS, NAME_COLUMNS, TYPES } from './columns.ts';
import { Database } from './database.ts';
import { queryNames } from './names.ts';
import { engineError } from './open.ts';
import { queryEdges, queryFlows, querySeries } from './query.ts';
import { retain, usedBytes } from './retention.ts';
import { NAMES, UPDATES } from './schema.ts';
import { queryRuleHits, queryTalks, queryVmsSeen } from './talks.ts';
import { queryTop } from './top.ts';
import { queryTurns } from './turns.ts';
import { type Block, type PendingBatch, storeBatches } from './writer.ts';

export interface DuckDbStoreOptions {
  /** The database file; its directory is made. */
  readonly path: string;
  /** Memory that the engine may use. Default 512. */
  readonly memoryMiB?: number;
  /** Default 2. */
  readonly threads?: number;
  /** Disk that questions which do not fit into memory may use while they are answered. Default 4096. */
  readonly spillMiB?: number;
  /** Seconds after which a question is given up. Default 20. */
  readonly querySeconds?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface Waiting {
  readonly batch: PendingBatch;
  readonly resolve: (result: { stored: boolean }) => void;
  readonly reject: (error: FlowStoreError) => void;
}

/**
 * A flow store in one file of this machine, in this process (DuckDB).
 * @throws FlowStoreError `FLOWSTORE_IN_USE`, `FLOWSTORE_NEWER`, `FLOWSTORE_FAILED`
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<FlowStore> {
  const { path, memoryMiB = 512, threads = 2, spillMiB = 4096, querySeconds = 20, now = Date.now } = options;
  const database = await Database.open(path, { memoryMiB, threads, spillMiB, querySeconds }, now);
  const waiting: Waiting[] = [];
  let closed = false;

  function requireOpen(): void {
    if (closed) throw new FlowStoreError('FLOWSTORE_CLOSED', 'The flow store is closed.');
  }

  /** Takes all that waits at once: while one transaction is on its way to disk, the next gathers. */
  async function flush(connection: DuckDBConnection): Promise<void> {
    const group = waiting.splice(0);
    if (group.length === 0) return;
    try {
      const batches = group.map(({ batch }) => batch);
      const stored = await storeBatches(connection, batches, now());
      for (const [index, { resolve }] of group.entries()) resolve({ stored: stored[index]! });
    } catch (cause) {
      const error = engineError(cause);
      for (const { reject } of group) reject(error);
      throw cause;
    }
  }

  return {
    async append(batchId, rows, names = []) {
      requireOpen();
      requireBatchId(batchId);
      const blocks = [blockOf(UPDATES, COLUMNS, rows), blockOf(NAMES, NAME_COLUMNS, names)];
      const batch = { id: batchId, blocks: blocks.filter((block) => block.rows > 0) };
      return new Promise((resolve, reject) => {
        const mine: Waiting = { batch, resolve, reject };
        waiting.push(mine);
        database.write(flush).catch((error) => {
          // The batches of a group have heard of its failure; those that came to no group, of theirs here.
          const at = waiting.indexOf(mine);
          if (at < 0) return;
          waiting.splice(at, 1);
          reject(error);
        });
      });
    },
    async query(filter, page) {
      requireOpen();
      return database.read((connection) => queryFlows(connection, filter, page));
    },
    async edges(filter, limit) {
      requireOpen();
      return database.read((connection) => queryEdges(connection, filter, limit));
    },
    async top(filter, by, order, limit) {
      requireOpen();
      return database.read((connection) => queryTop(connection, filter, by, order, limit));
    },
    async talks(filter, limit) {
      requireOpen();
      return database.read((connection) => queryTalks(connection, filter, limit));
    },
    async turns(before, after, limit) {
      requireOpen();
      return database.read((connection) => queryTurns(connection, before, after, limit));
    },
    async ruleHits(filter) {
      requireOpen();
      return database.read((connection) => queryRuleHits(connection, filter));
    },
    async vmsSeen(filter) {
      requireOpen();
      return database.read((connection) => queryVmsSeen(connection, filter));
    },
    async series(filter, bucketMs) {
      requireOpen();
      return database.read((connection) => querySeries(connection, filter, bucketMs));
    },
    async names(filter, page) {
      requireOpen();
      return database.read((connection) => queryNames(connection, filter, page));
    },
    async stats() {
      requireOpen();
      return database.read((connection) => readStats(connection, database.movedAside));
    },
    async retain(limits) {
      requireOpen();
      return database.write((connection) => retain(connection, limits));
    },
    async close() {
      if (closed) return;
      closed = true;
      await database.close();
    },
  };
}

const blockOf = <R>(table: string, columns: readonly Column<R>[], rows: readonly R[]): Block => ({
  table,
  types: columns.map(({ type }) => TYPES[type]),
  columns: columns.map(({ cells }) => cells(rows)),
  rows: rows.length,
});

async function readStats(connection: DuckDBConnection, movedAside: string | null): Promise<FlowStoreStats> {
  const sql = `SELECT count(*) AS n, min(end_ms) AS oldest, max(end_ms) AS newest FROM ${UPDATES}`;
  const row = (await connection.runAndReadAll(sql)).getRowObjects()[0]!;
  const time = (value: unknown) => (typeof value === 'bigint' ? Number(value) : null);
  return {
    rows: Number(row['n']),
    bytes: await usedBytes(connection),
    oldestMs: time(row['oldest']),
    newestMs: time(row['newest']),
    movedAside,
  };
}
