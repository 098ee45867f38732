import { type DuckDBConnection, DuckDBDataChunk, type DuckDBValue } from '@duckdb/node-api';
import { COLUMN_TYPES } from './columns.ts';
import { BATCHES, UPDATES } from './schema.ts';

/** A batch on its way, in columns. */
export interface PendingBatch {
  readonly id: string;
  readonly columns: readonly (readonly DuckDBValue[])[];
  readonly rows: number;
}

/** DuckDB's vector size: the most that a chunk holds. */
const CHUNK_ROWS = 2048;

/**
 * Stores batches in one transaction, so that many hosts share one flush to disk. DuckDB's commit returns when the
 * write-ahead log is on disk.
 * @returns for each batch whether it was new
 */
export async function storeBatches(
  connection: DuckDBConnection,
  batches: readonly PendingBatch[],
  nowMs: number,
): Promise<boolean[]> {
  await connection.run('BEGIN');
  try {
    const stored: boolean[] = [];
    for (const batch of batches) stored.push(await storeBatch(connection, batch, nowMs));
    await connection.run('COMMIT');
    return stored;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function storeBatch(connection: DuckDBConnection, batch: PendingBatch, nowMs: number): Promise<boolean> {
  const insert = `INSERT INTO ${BATCHES} VALUES (?, ?) ON CONFLICT DO NOTHING`;
  const { rowsChanged } = await connection.run(insert, [batch.id, BigInt(nowMs)]);
  if (rowsChanged === 0) return false;
  const appender = await connection.createAppender(UPDATES);
  for (let from = 0; from < batch.rows; from += CHUNK_ROWS) {
    const chunk = DuckDBDataChunk.create(COLUMN_TYPES);
    chunk.setColumns(batch.columns.map((column) => column.slice(from, from + CHUNK_ROWS)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  return true;
}
