import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ParquetCell, type ParquetColumn, writeParquet } from '../src/index.ts';
import { scratchFolder } from './scratch.ts';

const COLUMNS: ParquetColumn[] = [
  { name: 'seen', type: 'time' },
  { name: 'name', type: 'text' },
  { name: 'bytes', type: 'number' },
];

async function* pages(...all: ParquetCell[][][]) {
  yield* all;
}

test('what is written as Parquet is read from it, by pages of any length', async (t) => {
  const many = Array.from({ length: 5000 }, (_, n): ParquetCell[] => [n, `n${n}`, n]);
  const first: ParquetCell[] = [Date.UTC(2026, 0, 15), "流 ' ; --", Number.MAX_SAFE_INTEGER];
  const chunks: Uint8Array[] = [];
  for await (const chunk of await writeParquet(COLUMNS, pages([first, [1, null, null]], [], many))) chunks.push(chunk);
  const file = join(await scratchFolder(t), 'x.parquet');
  await writeFile(file, Buffer.concat(chunks));
  const instance = await DuckDBInstance.create(':memory:');
  t.after(() => instance.closeSync());
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll('SELECT epoch_ms(seen), name, bytes FROM read_parquet(?)', [file]);
  const rows = reader.getRows().map(([at, name, bytes]) => [Number(at), name, bytes === null ? null : Number(bytes)]);
  const sorted = (all: readonly unknown[][]) => all.map((row) => JSON.stringify(row)).sort();
  assert.deepEqual(sorted(rows), sorted([first, [1, null, null], ...many]));
});

test('what fails before the file is whole fails before its first byte', async () => {
  async function* failing(): AsyncGenerator<ParquetCell[][]> {
    yield [[1, 'x', 1]];
    throw new Error('the store went away');
  }
  await assert.rejects(writeParquet(COLUMNS, failing()), { code: 'FLOWSTORE_FAILED' });
});
