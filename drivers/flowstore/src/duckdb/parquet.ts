import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BIGINT,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBTimestampMillisecondsValue,
  type DuckDBType,
  type DuckDBValue,
  TIMESTAMP_MS,
  VARCHAR,
} from '@duckdb/node-api';
import { engineError } from './open.ts';

/** A column of a Parquet file; times are milliseconds since 1970. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'time';
}
export type ParquetCell = string | number | null;

const TYPES: Readonly<Record<ParquetColumn['type'], DuckDBType>> = {
  text: VARCHAR,
  number: BIGINT,
  time: TIMESTAMP_MS,
};
const MEMORY_MIB = 128;
const SPILL_MIB = 1024;
/** DuckDB's vector size: the most that a chunk holds. */
const CHUNK_ROWS = 2048;

/**
 * Writes rows, page by page, as one Parquet file (Zstandard), through a database of its own in a folder that is removed when the
 * file was read. The file is whole before its first byte is given: what fails, fails before.
 * @throws FlowStoreError `FLOWSTORE_FAILED`, `FLOWSTORE_TOO_LARGE`
 */
export async function writeParquet(
  columns: readonly ParquetColumn[],
  pages: AsyncIterable<readonly (readonly ParquetCell[])[]>,
): Promise<AsyncGenerator<Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-parquet-'));
  const file = join(folder, 'flows.parquet');
  try {
    await writeFile(folder, file, columns, pages);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw engineError(error);
  }
  return (async function* () {
    try {
      yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  })();
}

async function writeFile(
  folder: string,
  file: string,
  columns: readonly ParquetColumn[],
  pages: AsyncIterable<readonly (readonly ParquetCell[])[]>,
): Promise<void> {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const instance = await DuckDBInstance.create(join(folder, 'rows.duckdb'), {
    memory_limit: `${MEMORY_MIB}MiB`,
    threads: '1',
    max_temp_directory_size: `${SPILL_MIB}MiB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    await connection.run(`SET allowed_directories = [${literal(folder)}]`);
    await connection.run('SET enable_external_access = false');
    const types = columns.map(({ type }) => TYPES[type]);
    await connection.run(`CREATE TABLE flows (${columns.map(({ name }, n) => `"${name}" ${types[n]}`).join(', ')})`);
    const appender = await connection.createAppender('flows');
    for await (const page of pages) {
      for (let from = 0; from < page.length; from += CHUNK_ROWS) {
        const rows = page.slice(from, from + CHUNK_ROWS);
        const chunk = DuckDBDataChunk.create(types);
        chunk.setColumns(columns.map(({ type }, n) => rows.map((row) => cellOf(type, row[n] ?? null))));
        appender.appendDataChunk(chunk);
      }
    }
    appender.closeSync();
    await connection.run(`COPY flows TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

function cellOf(type: ParquetColumn['type'], cell: ParquetCell): DuckDBValue {
  if (cell === null) return null;
  if (type === 'text') return String(cell);
  return type === 'number' ? BigInt(cell) : new DuckDBTimestampMillisecondsValue(BigInt(cell));
}
