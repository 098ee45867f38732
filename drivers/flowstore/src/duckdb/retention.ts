import type { DuckDBConnection } from '@duckdb/node-api';
import { BATCHES, UPDATES } from './schema.ts';

/** How long a batch's id is remembered: the longest that an engine's spool keeps one it could not deliver. */
const BATCH_MEMORY_MS = 7 * 24 * 3_600_000;

/** Rounds of deleting by size. */
const MAX_ROUNDS = 4;

export interface RetentionLimits {
  readonly nowMs: number;
  readonly maxAgeMs?: number;
  readonly maxBytes?: number;
}

/** Deletes by age, then by size. Needs to be the only writer, because it ends with a checkpoint. */
export async function retain(connection: DuckDBConnection, limits: RetentionLimits): Promise<{ deletedRows: number }> {
  await connection.run(`DELETE FROM ${BATCHES} WHERE stored_ms < ?`, [BigInt(limits.nowMs - BATCH_MEMORY_MS)]);
  let deletedRows = 0;
  if (limits.maxAgeMs !== undefined) deletedRows += await deleteBefore(connection, limits.nowMs - limits.maxAgeMs);
  await connection.run('CHECKPOINT');
  if (limits.maxBytes !== undefined) deletedRows += await shrinkTo(connection, limits.maxBytes);
  return { deletedRows };
}

/**
 * DuckDB gives space back by row groups (122,880 rows, some megabytes), so one round may free less than its share, and
 * a store of less than a few groups may not get as small as asked.
 */
async function shrinkTo(connection: DuckDBConnection, maxBytes: number): Promise<number> {
  let deletedRows = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bytes = await usedBytes(connection);
    if (bytes <= maxBytes) break;
    const share = Math.min(1, Math.max(0.05, 1 - maxBytes / bytes));
    const deleted = await deleteOldest(connection, share);
    if (deleted === 0) break;
    deletedRows += deleted;
    await connection.run('CHECKPOINT');
  }
  return deletedRows;
}

async function deleteOldest(connection: DuckDBConnection, share: number): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT quantile_disc(end_ms, ?::DOUBLE) FROM ${UPDATES}`, [share]);
  const border = reader.value(0, 0);
  return border === null ? 0 : deleteBefore(connection, Number(border) + 1);
}

async function deleteBefore(connection: DuckDBConnection, borderMs: number): Promise<number> {
  const result = await connection.run(`DELETE FROM ${UPDATES} WHERE end_ms < ?`, [BigInt(Math.floor(borderMs))]);
  return result.rowsChanged;
}

/** Blocks in use and the write-ahead log; free blocks inside the file are used again and do not count. */
export async function usedBytes(connection: DuckDBConnection): Promise<number> {
  const sql = 'SELECT block_size * used_blocks AS used FROM pragma_database_size()';
  return Number((await connection.runAndReadAll(sql)).value(0, 0) ?? 0);
}
