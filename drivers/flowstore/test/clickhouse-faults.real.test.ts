import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { openClickHouseStore } from '../src/index.ts';
import { startClickHouse, WITHOUT_CLICKHOUSE } from '../src/testing/clickhouse.ts';
import { sampleRow, T0 } from '../src/testing/sample-flows.ts';

const SKIP = process.env['HV_REAL'] !== '1' ? 'needs HV_REAL=1' : WITHOUT_CLICKHOUSE;
const APPENDER = join(import.meta.dirname, '../src/testing/clickhouse-appender.ts');

async function storedBy(url: string, batches: number): Promise<string[]> {
  const child = spawn(process.execPath, [APPENDER, url, `${batches}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  assert.equal(child.exitCode, 0);
  return printed.split('\n').filter(Boolean);
}

describe('ClickHouse beside what goes wrong', { skip: SKIP }, () => {
  it('of batches that two processes are given at the same time, each is stored once, by one of them', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    const stored = await Promise.all([storedBy(url, 60), storedBy(url, 60)]);
    assert.equal(stored.flat().length, 60);
    const store = await openClickHouseStore({ url });
    assert.equal((await store.stats()).rows, 180);
    const { flows, total } = await store.query({}, { limit: 100 });
    assert.equal(total, 60);
    for (const { packets } of flows) assert.equal(packets, 3);
    assert.equal((await store.series({}, 60_000))[0]?.flows, 60);
    await store.close();
  });

  it('how much there is stays right whatever the server makes of its parts', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    const store = await openClickHouseStore({ url });
    const table = `${new URL(url).pathname.slice(1)}.records`;
    const told = async () => {
      const { rows, oldestMs, newestMs } = await store.stats();
      return [rows, oldestMs, newestMs];
    };
    assert.deepEqual(await told(), [0, null, null]);
    const batch = (n: number) => [0, 1].map((m) => sampleRow({ key: `${n}-${m}`, endMs: T0 + n * 1000 + m }));
    for (let n = 0; n < 12; n++) {
      await store.append(`batch ${n}`, batch(n));
      assert.deepEqual(await told(), [2 * (n + 1), T0, T0 + n * 1000 + 1]);
    }
    const merging = server.ask(`OPTIMIZE TABLE ${table} FINAL`);
    const meanwhile = await Promise.all(Array.from({ length: 20 }, told));
    await merging;
    for (const one of [...meanwhile, await told()]) assert.deepEqual(one, [24, T0, T0 + 11_001]);
    await store.retain({ nowMs: T0 + 10_000, maxAgeMs: 5_000 });
    assert.deepEqual(await told(), [14, T0 + 5000, T0 + 11_001]);
    await server.ask(`ALTER TABLE ${table} DELETE WHERE 1`);
    for (const end = Date.now() + 30_000; (await told())[0] !== 0; )
      assert.ok(Date.now() < end, 'all of it is deleted');
    assert.deepEqual(await told(), [0, null, null]);
    await store.close();
  });

  it('what was acknowledged before kill -9 of the server is there once, and what was not is taken afterwards', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    const store = await openClickHouseStore({ url });
    const acknowledged = new Set<string>();
    const batchOf = (key: string) => [1, 2, 3].map((n) => sampleRow({ key, packets: 1, endMs: T0 + n }));
    for (let life = 0; life < 3; life++) {
      const round = Array.from({ length: 30 }, async (_, n) => {
        const key = `b${life}-${n}`;
        await store.append(key, batchOf(key)).then(
          () => acknowledged.add(key),
          () => undefined,
        );
      });
      // One round is on its way when the server goes, the next one has nobody to go to.
      await Promise.race(round);
      const late = store.append(`late${life}`, batchOf(`late${life}`)).then(
        () => acknowledged.add(`late${life}`),
        () => undefined,
      );
      await server.kill();
      await assert.rejects(store.append('gone', batchOf('gone')), { code: 'FLOWSTORE_UNREACHABLE' });
      await assert.rejects(store.query({}, { limit: 1 }), { code: 'FLOWSTORE_UNREACHABLE' });
      await Promise.all([...round, late]);
      await server.start();
    }
    assert.ok(acknowledged.size >= 3);
    for (const key of acknowledged) assert.deepEqual(await store.append(key, batchOf(key)), { stored: false }, key);
    assert.deepEqual(await store.append('gone', batchOf('gone')), { stored: true });
    const { flows } = await store.query({}, { limit: 1000 });
    // Whole or not at all: also of those that nobody heard of again.
    for (const { key, packets } of flows) assert.equal(packets, 3, key);
    const keys = new Set(flows.map(({ key }) => key));
    for (const key of acknowledged) assert.ok(keys.has(key), key);
    await store.close();
  });

  it('a store whose server does not answer yet is opened, and takes what comes when it does', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    await server.kill();
    const store = await openClickHouseStore({ url });
    await assert.rejects(store.append('b', [sampleRow()]), { code: 'FLOWSTORE_UNREACHABLE' });
    await server.start();
    assert.deepEqual(await store.append('b', [sampleRow()]), { stored: true });
    await store.close();
  });

  it('a password goes to nobody but whom it is for, and a wrong one is refused', async () => {
    await using server = await startClickHouse();
    const { password, ca } = server;
    const url = server.secureDatabase();
    await assert.rejects(openClickHouseStore({ url, ca, user: 'flows', password: 'wrong' }), {
      code: 'FLOWSTORE_REFUSED',
    });
    const store = await openClickHouseStore({ url, ca, user: 'flows', password });
    assert.deepEqual(await store.append('b', [sampleRow()]), { stored: true });
    await store.close();
    const distrusting = await openClickHouseStore({ url, user: 'flows', password });
    const refused = await distrusting.stats().then(
      () => assert.fail('it was trusted'),
      (error: unknown) => error,
    );
    assert.equal((refused as { code: string }).code, 'FLOWSTORE_UNREACHABLE');
    assert.doesNotMatch(JSON.stringify(refused) + String((refused as Error).cause), new RegExp(password));
    await distrusting.close();
  });

  it('a question that takes too much memory is given up, and the store goes on', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    const hasty = await openClickHouseStore({ url, memoryMiB: 24 });
    const rows = Array.from({ length: 100_000 }, (_, n) =>
      sampleRow({ key: `${n}`, endMs: T0 + n, src: { ip: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}` } }),
    );
    await hasty.append('b1', rows);
    await assert.rejects(hasty.query({}, { limit: 10 }), { code: 'FLOWSTORE_TOO_LARGE' });
    assert.equal((await hasty.stats()).rows, 100_000);
    await hasty.close();
  });

  it('a store of a newer version is refused', async () => {
    await using server = await startClickHouse();
    const url = server.database();
    await (await openClickHouseStore({ url })).close();
    await server.ask(`INSERT INTO ${new URL(url).pathname.slice(1)}.schema_version VALUES (99)`);
    await assert.rejects(openClickHouseStore({ url }), { code: 'FLOWSTORE_NEWER' });
  });
});
