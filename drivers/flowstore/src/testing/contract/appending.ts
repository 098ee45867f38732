import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRow } from '../sample-flows.ts';
import type { MakeStore } from './make-store.ts';

/** Batches: once each, whole or not at all. */
export function appending(makeStore: MakeStore): void {
  test('a batch is stored once, however often it comes', async (t) => {
    const store = await makeStore(t);
    assert.deepEqual(await store.append('b1', [sampleRow()]), { stored: true });
    assert.deepEqual(await store.append('b1', [sampleRow(), sampleRow({ key: 'k2' })]), { stored: false });
    assert.equal((await store.stats()).rows, 1);
  });

  test('of equal batches sent at once, one is stored', async (t) => {
    const store = await makeStore(t);
    const results = await Promise.all(Array.from({ length: 20 }, () => store.append('b1', [sampleRow()])));
    assert.equal(results.filter(({ stored }) => stored).length, 1);
    assert.equal((await store.stats()).rows, 1);
  });

  test('a batch with one bad row is refused whole, and its neighbours are stored', async (t) => {
    const store = await makeStore(t);
    const good = store.append('good', [sampleRow()]);
    const bad = [sampleRow(), sampleRow({ src: { port: 65_536 } })];
    await assert.rejects(store.append('bad', bad), { code: 'FLOWSTORE_BAD_ROW' });
    for (const key of ['', 'k 1', 'ninechars', 'ü']) {
      await assert.rejects(store.append('bad', [sampleRow({ key })]), { code: 'FLOWSTORE_BAD_ROW' });
    }
    for (const row of [sampleRow({ bytes: 1.5 }), sampleRow({ bytes: -1 }), sampleRow({ dst: { ip: '10.0.0.300' } })]) {
      await assert.rejects(store.append('bad', [row]), { code: 'FLOWSTORE_BAD_ROW' });
    }
    await good;
    assert.equal((await store.stats()).rows, 1);
  });

  test('every key of one to eight characters comes back as it was', async (t) => {
    const store = await makeStore(t);
    const keys = ['A', 'AA', '_', '-', '--------', 'AAAAAAAA', '________', '0aZ-_9', 'A0000000'];
    await store.append(
      'b1',
      keys.map((key) => sampleRow({ key })),
    );
    const { flows } = await store.query({}, { limit: 100 });
    assert.deepEqual(flows.map(({ key }) => key).sort(), keys.toSorted());
  });

  test('what is in a column of texts does not depend on where a row stands', async (t) => {
    const store = await makeStore(t);
    const name = (n: number) => [null, 'short', `one of more than twelve octets, ${n % 3}`, `ü${n}`][n % 4]!;
    const rows = Array.from({ length: 5000 }, (_, n) => sampleRow({ key: `${n}`, networkId: name(n) }));
    await store.append('b1', rows);
    const { flows } = await store.query({}, { limit: 10_000 });
    assert.equal(flows.length, rows.length);
    for (const { key, networkId } of flows) assert.equal(networkId, name(Number(key)));
  });

  test('an empty batch and one of many rows are stored', async (t) => {
    const store = await makeStore(t);
    assert.deepEqual(await store.append('empty', []), { stored: true });
    const many = Array.from({ length: 5000 }, (_, index) => sampleRow({ key: `k${index}` }));
    await store.append('many', many);
    assert.equal((await store.stats()).rows, 5000);
  });

  test('a closed store says so', async (t) => {
    const store = await makeStore(t);
    const pending = store.append('b1', [sampleRow()]);
    await store.close();
    assert.deepEqual(await pending, { stored: true });
    await assert.rejects(store.append('b2', []), { code: 'FLOWSTORE_CLOSED' });
    await assert.rejects(store.query({}, { limit: 1 }), { code: 'FLOWSTORE_CLOSED' });
  });
}
