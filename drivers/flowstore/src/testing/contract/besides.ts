import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

const OBSERVED = { hostId: 'exporter-1', ruleNum: 13, ruleId: null, policyId: null, tier: null } as const;

/** What exporters saw. */
export function besides(makeStore: MakeStore): void {
  test('what an exporter saw beside a host is found, and is no part of any sum', async (t) => {
    const host = sampleRow();
    const seen = sampleRow({ ...OBSERVED, key: 'k2', point: 'beside', bytes: 900, endMs: T0 + 2000 });
    const [alone, both] = [await storeWith(t, makeStore, [host]), await storeWith(t, makeStore, [host, seen])];
    for (const by of [['verdict'], ['rule'], ['src.vm', 'application']] as const)
      assert.deepEqual(await both.top({}, by, 'bytes', 10), await alone.top({}, by, 'bytes', 10));
    assert.deepEqual(await both.series({}, 60_000), await alone.series({}, 60_000));
    assert.deepEqual(await both.edges({}, 10), await alone.edges({}, 10));
    assert.deepEqual(await both.talks({}, 10), await alone.talks({}, 10));
    assert.deepEqual(await both.ruleHits({}), await alone.ruleHits({}));
    const { flows, total } = await both.query({}, { limit: 10 });
    assert.deepEqual(
      flows.map(({ hostId, point, bytes }) => [hostId, point, bytes]),
      [
        ['exporter-1', 'beside', 900],
        ['host-1', 'egress', 1000],
      ],
    );
    assert.equal(total, 2);
  });

  test('what an exporter alone saw counts', async (t) => {
    const outside = { vmId: null, vnicId: null, tenantId: null };
    const store = await storeWith(t, makeStore, [sampleRow({ ...OBSERVED, src: outside, dst: outside })]);
    assert.deepEqual(
      (await store.series({}, 60_000)).map(({ flows, bytes }) => [flows, bytes]),
      [[1, 6000]],
    );
  });
}
