import type { DuckDBConnection } from '@duckdb/node-api';
import { BATCH_MEMORY_MS, type RetentionLimits } from '../retention.ts';
import { BATCHES, NAMES, UPDATES } from './schema.ts';

/** Rounds of deleting by size. */
const MAX_ROUNDS = 8;

/** Rows of a row group (DuckDB's DEFAULT_ROW_GROUP_SIZE). */
const ROW_GROUP = 122_880;

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
 * DuckDB gives space back by whole row groups: a first round that deletes just the share in excess may free too little.
 * Each further round deletes at least a group, so a store of less than a few groups may lose more than it must.
 */
async function shrinkTo(connection: DuckDBConnection, maxBytes: number): Promise<number> {
  let deletedRows = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const bytes = await usedBytes(connection);
    if (bytes <= maxBytes) break;
    const deleted = await deleteOldest(connection, 1 - maxBytes / bytes, round === 0 ? 0 : ROW_GROUP);
    if (deleted === 0) break;
    deletedRows += deleted;
    await connection.run('CHECKPOINT');
  }
  return deletedRows;
}

async function deleteOldest(connection: DuckDBConnection, share: number, atLeast: number): Promise<number> {
  const rows = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${UPDATES}`)).value(0, 0));
  if (rows === 0) return 0;
  const wanted = Math.min(1, Math.max(share, atLeast / rows));
  const reader = await connection.runAndReadAll(`SELECT quantile_disc(end_ms, ?::DOUBLE) FROM ${UPDATES}`, [wanted]);
  return deleteBefore(connection, Number(reader.value(0, 0)) + 1);
}

async function deleteBefore(connection: DuckDBConnection, borderMs: number): Promise<number> {
  let deletedRows = 0;
  for (const table of [UPDATES, NAMES]) {
    const { rowsChanged } = await connection.run(`DELETE FROM ${table} WHERE end_ms < ?`, [
      BigInt(Math.floor(borderMs)),
    ]);
    deletedRows += rowsChanged;
  }
  return deletedRows;
}

/** Blocks in use and the write-ahead log; free blocks inside the file are used again and do not count. */
export async function usedBytes(connection: DuckDBConnection): Promise<number> {
  const sql = 'SELECT block_size * used_blocks AS used FROM pragma_database_size()';
  return Number((await connection.runAndReadAll(sql)).value(0, 0) ?? 0);
}
