import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

/** Edges and series. */
export function mapping(makeStore: MakeStore): void {
  test('edges join flows by ends, service, verdict and rule, and count a connection that two hosts saw once', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', bytes: 100, replyBytes: 50 }),
      sampleRow({ key: 'b', bytes: 100, replyBytes: 50, src: { port: 40_001 } }),
      sampleRow({ key: 'a', bytes: 100, replyBytes: 50, point: 'ingress', hostId: 'host-2' }),
      sampleRow({ key: 'b', bytes: 100, replyBytes: 50, point: 'ingress', hostId: 'host-2', src: { port: 40_001 } }),
      sampleRow({ key: 'c', bytes: 5, replyBytes: 0, verdict: 'deny', ruleNum: 1, dst: { port: 22 } }),
    ]);
    const { edges, truncated } = await store.edges({}, 10);
    assert.equal(truncated, false);
    assert.deepEqual(
      edges.map(({ src, dst, port, verdict, flows, bytes, replyBytes }) => [
        src.vmId,
        dst.vmId,
        port,
        verdict,
        flows,
        bytes,
        replyBytes,
      ]),
      [
        ['vm-a', 'vm-b', 443, 'allow', 2, 200, 100],
        ['vm-a', 'vm-b', 22, 'deny', 1, 5, 0],
      ],
    );
    assert.deepEqual(edges[0]!.src, { vmId: 'vm-a', tenantId: 'red', ip: '10.0.0.7' });
  });

  test('outside addresses stay apart, and the busiest edges come first', async (t) => {
    const outside = (ip: string) => ({ vmId: null, vnicId: null, tenantId: null, mac: null, ip });
    const rows = [1, 3, 2].map((n) => sampleRow({ key: `${n}`, bytes: n * 1000, src: outside(`198.51.100.${n}`) }));
    const store = await storeWith(t, makeStore, rows);
    const { edges, truncated } = await store.edges({}, 2);
    assert.equal(truncated, true);
    assert.deepEqual(
      edges.map(({ src }) => src.ip),
      ['198.51.100.3', '198.51.100.2'],
    );
  });

  test('a series has a point for each bucket and verdict', async (t) => {
    const store = await storeWith(t, makeStore, [
      sampleRow({ key: 'a', endMs: T0 + 100, bytes: 10, replyBytes: 5 }),
      sampleRow({ key: 'a', endMs: T0 + 900, bytes: 10, replyBytes: 5 }),
      sampleRow({ key: 'b', endMs: T0 + 2500, bytes: 1, replyBytes: 0, verdict: 'deny' }),
    ]);
    assert.deepEqual(await store.series({}, 1000), [
      { atMs: T0, verdict: 'allow', flows: 1, bytes: 30 },
      { atMs: T0 + 2000, verdict: 'deny', flows: 1, bytes: 1 },
    ]);
    assert.deepEqual(await store.series({ fromMs: T0 + 5000 }, 1000), []);
  });
}
