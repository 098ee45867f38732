import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { Cells } from '../rows/cells.ts';
import { appendCells } from './chunk.ts';
import { BATCHES } from './schema.ts';

/** Rows for one table, in columns. */
export interface Block {
  readonly table: string;
  readonly types: readonly DuckDBType[];
  readonly columns: readonly Cells[];
  readonly rows: number;
}

/** A batch on its way. */
export interface PendingBatch {
  readonly id: string;
  readonly blocks: readonly Block[];
}

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
  for (const block of batch.blocks) await appendBlock(connection, block);
  return true;
}

async function appendBlock(connection: DuckDBConnection, { table, types, columns, rows }: Block): Promise<void> {
  const appender = await connection.createAppender(table);
  appendCells(appender, types, columns, rows);
  appender.closeSync();
}
