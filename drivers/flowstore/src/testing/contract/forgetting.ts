import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { NameRow } from '../../name.ts';
import type { NameFilter } from '../../store.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

/** Names, and what becomes of what is old. */
export function forgetting(makeStore: MakeStore): void {
  test('names are found by part, kind and end, a page at a time, stored once, and forgotten with their age', async (t) => {
    const { src, dst, hostId, networkId } = sampleRow();
    const named = (atMs: number, kind: NameRow['kind'], name: string, details = {}): NameRow => ({
      ...{
        atMs,
        hostId,
        networkId,
        gatewayNum: 12,
        gatewayId: 'gateway-12',
        protocol: 17,
        src,
        dst,
        kind,
        name,
        details,
      },
    });
    const asked = named(T0 + 1, 'dns', 'www.Example.com', { type: 'A', code: 'NOERROR', answers: '192.0.2.1' });
    const store = await makeStore(t);
    const names = [asked, named(T0 + 2, 'tls', 'www.example.com'), named(T0 + 3, 'dns', 'other.test')];
    for (let n = 0; n < 2; n++) await store.append('b1', [sampleRow({ endMs: T0 + 3 })], names);
    const found = async (filter: NameFilter) =>
      (await store.names(filter, { limit: 10 })).names.map(({ atMs }) => atMs - T0);
    assert.deepEqual(await found({}), [3, 2, 1]);
    assert.deepEqual(await found({ name: 'example.COM' }), [2, 1]);
    assert.deepEqual(await found({ kind: 'dns', vmId: 'vm-a', gatewayId: 'gateway-12', address: '10.0.0.8' }), [3, 1]);
    assert.deepEqual(await found({ fromMs: T0 + 2, toMs: T0 + 3, tenants: ['red'] }), [2]);
    assert.deepEqual(await found({ tenants: ['blue'] }), []);
    const first = await store.names({}, { limit: 2 });
    const { names: second, nextCursor } = await store.names({}, { limit: 2, cursor: first.nextCursor! });
    assert.deepEqual([first.total, second.length, nextCursor], [3, 1, null]);
    const { id: _, ...last } = second[0]!;
    assert.deepEqual(last, asked);
    assert.deepEqual(await store.retain({ nowMs: T0 + 3, maxAgeMs: 1 }), { deletedRows: 1 });
    assert.deepEqual(await found({}), [3, 2]);
  });

  test('what is too old is forgotten', async (t) => {
    const store = await storeWith(
      t,
      makeStore,
      [0, 5000, 10_000].map((ms) => sampleRow({ key: `${ms}`, endMs: T0 + ms })),
    );
    assert.deepEqual(await store.retain({ nowMs: T0 + 10_000, maxAgeMs: 5000 }), { deletedRows: 1 });
    const { rows, oldestMs, newestMs } = await store.stats();
    assert.deepEqual({ rows, oldestMs, newestMs }, { rows: 2, oldestMs: T0 + 5000, newestMs: T0 + 10_000 });
  });

  // DuckDB gives space back by blocks: there has to be enough in the columns.
  const keyAndEnds = () => {
    const ip = () => randomBytes(16).toString('hex').match(/.{4}/g)!.join(':');
    return { key: randomBytes(6).toString('base64url'), src: { ip: ip() }, dst: { ip: ip() } };
  };

  test('what is too much is forgotten, the oldest first, and not much more than that', async (t) => {
    const store = await makeStore(t);
    for (let batch = 0; batch < 13; batch++) {
      const from = batch * 20_000;
      const rows = Array.from({ length: 20_000 }, (_, i) => sampleRow({ ...keyAndEnds(), endMs: T0 + from + i }));
      await store.append(`b${batch}`, rows);
    }
    await store.retain({ nowMs: T0 });
    const before = await store.stats();
    const maxBytes = Math.floor(before.bytes * 0.75);
    await store.retain({ nowMs: T0, maxBytes });
    const after = await store.stats();
    assert.ok(after.bytes <= maxBytes, `${after.bytes} bytes`);
    assert.ok(after.rows > before.rows / 4, `${after.rows} of ${before.rows} rows`);
    assert.equal(after.newestMs, before.newestMs);
  });
}
