import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { FlowStoreError } from '../../errors.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

/** Pages, orders, totals. */
export function paging(makeStore: MakeStore): void {
  test('pages in every order cover everything once, with equal values too', async (t) => {
    const rows = Array.from({ length: 25 }, (_, index) =>
      sampleRow({
        key: `k${index}`,
        endMs: T0 + (index % 5),
        startMs: T0 - (index % 3),
        bytes: index % 4,
        packets: index % 2,
      }),
    );
    const store = await storeWith(t, makeStore, rows);
    for (const order of ['last', 'start', 'bytes', 'packets'] as const) {
      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.query({}, { limit: 7, order, cursor });
        keys.push(...page.flows.map(({ key }) => key));
        assert.equal(page.total, 25, 'every page says how many there are in all');
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      assert.equal(keys.length, 25, order);
      assert.equal(new Set(keys).size, 25, order);
    }
  });

  test('the total counts what the filter finds: flows, not updates, and a connection that two hosts judged once', async (t) => {
    const rows = Array.from({ length: 10 }, (_, n) => sampleRow({ key: `k${n}`, src: { port: 40_000 + n } }));
    const later = rows.map((row) => ({ ...row, endMs: row.endMs + 1000 }));
    const twice = { ...rows[0]!, hostId: randomUUID(), point: 'ingress' as const };
    const store = await storeWith(t, makeStore, [...rows, ...later, twice]);
    assert.equal((await store.query({}, { limit: 3 })).total, 10);
    assert.equal((await store.query({ port: 40_003 }, { limit: 3 })).total, 1);
    assert.deepEqual(await store.query({ port: 9 }, { limit: 3 }), { flows: [], total: 0, nextCursor: null });
  });

  test('the newest comes first', async (t) => {
    const store = await storeWith(
      t,
      makeStore,
      [1, 3, 2].map((s) => sampleRow({ key: `${s}`, endMs: T0 + s * 1000 })),
    );
    const { flows, nextCursor } = await store.query({}, { limit: 10 });
    assert.deepEqual(
      flows.map(({ key }) => key),
      ['3', '2', '1'],
    );
    assert.equal(nextCursor, null);
  });

  test('a cursor of another order, or made up, is refused', async (t) => {
    const store = await storeWith(t, makeStore, [sampleRow({ key: 'a' }), sampleRow({ key: 'b' })]);
    const { nextCursor } = await store.query({}, { limit: 1, order: 'bytes' });
    assert.ok(nextCursor);
    for (const cursor of [nextCursor, 'x', '', Buffer.from('[1,2,3]').toString('base64url')]) {
      await assert.rejects(store.query({}, { limit: 1, order: 'last', cursor }), FlowStoreError);
    }
  });
}
