import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbStore } from '../src/index.ts';
import { sampleRow } from '../src/testing/sample-flows.ts';
import { scratchFolder } from './scratch.ts';

const APPENDER = join(import.meta.dirname, '../src/testing/appender.ts');

/** Overwrites `length` octets at `position`. */
async function scribble(path: string, position: number, length: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(length, 0xa5), 0, length, position);
  await file.close();
}

async function filledStore(t: TestContext): Promise<string> {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const store = await openDuckDbStore({ path });
  await store.append('b1', [sampleRow()]);
  await store.close();
  return path;
}

const DAMAGES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['its headers are overwritten', (path) => scribble(path, 0, 12_288)],
  ['it is text', (path) => writeFile(path, 'not a database, but long enough to be one: '.repeat(1000))],
  ['it was cut short', (path) => truncate(path, 16_384)],
  ['its blocks are overwritten', async (path) => scribble(path, 12_288, (await stat(path)).size - 12_288)],
];

for (const [how, damage] of DAMAGES) {
  test(`a damaged file is moved aside and a new one begun: ${how}`, async (t) => {
    const path = await filledStore(t);
    await damage(path);
    const damaged = await readFile(path);
    const store = await openDuckDbStore({ path });
    t.after(() => store.close());
    const { rows, movedAside } = await store.stats();
    assert.equal(rows, 0);
    assert.ok(movedAside !== null);
    assert.deepEqual(await readFile(movedAside), damaged);
    assert.deepEqual(await store.append('b1', [sampleRow()]), { stored: true });
  });
}

test('damage that shows only while running is moved aside then', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const first = await openDuckDbStore({ path });
  const rows = Array.from({ length: 5000 }, (_, index) => sampleRow({ key: `${index}` }));
  await first.append('b1', rows);
  await first.close();
  await scribble(path, await offsetOfData(path), 1000);
  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  await assert.rejects(store.query({}, { limit: 1 }), { code: 'FLOWSTORE_FAILED' });
  // A write takes its turn after the replacement, so what follows sees the new file.
  assert.deepEqual(await store.append('b2', [sampleRow()]), { stored: true });
  const { rows: kept, movedAside } = await store.stats();
  assert.equal(kept, 1);
  assert.ok(movedAside !== null);
});

/** Where the first block with the flows' keys begins: after three headers of 4 KiB (DuckDB's storage format). */
async function offsetOfData(path: string): Promise<number> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const sql =
    "SELECT min(block_id) FROM pragma_storage_info('flow_updates') WHERE column_name = 'key' AND block_id >= 0";
  const block = Number((await connection.runAndReadAll(sql)).value(0, 0));
  connection.disconnectSync();
  instance.closeSync();
  return 3 * 4096 + block * 262_144 + 100;
}

test('a file that another process has open is not damaged, and stays', async (t) => {
  const path = await filledStore(t);
  const owner = spawn(process.execPath, [APPENDER, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => owner.kill('SIGKILL'));
  await once(createInterface({ input: owner.stdout }), 'line');
  await assert.rejects(openDuckDbStore({ path }), { code: 'FLOWSTORE_IN_USE' });
});

test('what was acknowledged before kill -9 is there once', async (t) => {
  const path = join(await scratchFolder(t), 'flows.duckdb');
  const acknowledged = new Set<string>();
  for (let life = 0; life < 3; life++) {
    const child = spawn(process.execPath, [APPENDER, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const target = acknowledged.size + 10 + Math.floor(Math.random() * 60);
    for await (const batch of createInterface({ input: child.stdout })) {
      acknowledged.add(batch);
      if (acknowledged.size === target) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
  }
  const store = await openDuckDbStore({ path });
  t.after(() => store.close());
  const { flows } = await store.query({}, { limit: 100_000 });
  const stored = new Map(flows.map(({ key, packets }) => [key, packets]));
  for (const batch of acknowledged) assert.equal(stored.get(batch), 3, `batch ${batch} of three updates`);
  // A batch whose acknowledgement was lost is sent again and must not count twice.
  for (const batch of stored.keys()) assert.deepEqual(await store.append(batch, [sampleRow()]), { stored: false });
});
