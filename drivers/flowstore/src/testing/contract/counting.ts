import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FlowRow } from '../../flow.ts';
import type { FlowFilter, FlowStore } from '../../store.ts';
import { randomFlows } from '../random-filters.ts';
import { sampleRow, T0 } from '../sample-flows.ts';
import { type MakeStore, storeWith } from './make-store.ts';

const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000) / 2000;

const firstOf = (rows: readonly FlowRow[]): readonly FlowRow[] => {
  const keys = new Set<string>();
  return rows.map((row) => {
    const isFirst = !keys.has(row.key);
    keys.add(row.key);
    return { ...row, isFirst };
  });
};

async function counts(store: FlowStore, filter: FlowFilter) {
  const groups = await store.top(filter, ['verdict', 'dst.port'], 'flows', 1000);
  const { edges } = await store.edges(filter, 1000);
  const { talks } = await store.talks(filter, 1000);
  return {
    series: await store.series(filter, 100_000),
    groups: groups.groups.map(({ values, flows, bytes }) => [values, flows, bytes]),
    edges: edges.map(({ flows, pendingFlows, bytes }) => [flows, pendingFlows, bytes].join()).sort(),
    talks: talks.map(({ flows, bytes }) => [flows, bytes].join()).sort(),
    hits: await store.ruleHits(filter),
  };
}

/** How many flows there are, whatever is known of their first updates. */
export function counting(makeStore: MakeStore, fewer: number): void {
  test('flows are counted alike, whether or not it is known which update is their first, and also where that one is missing', async (t) => {
    const [unknown, known] = [await makeStore(t), await makeStore(t)];
    let batch = 0;
    const missing = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(randomFlows, missing, fc.boolean(), async (flows, absent, backwards) => {
        const rows = firstOf(flows).filter((_, n) => !absent.includes(n));
        if (backwards) rows.reverse();
        for (const store of [unknown, known]) await store.retain({ nowMs: T0 * 2, maxAgeMs: 1 });
        await unknown.append(
          `b${batch}`,
          rows.map(({ isFirst: _, ...row }) => row),
        );
        await known.append(`b${batch++}`, rows);
        const filters = [{}, { fromMs: T0 + 200_000 }, { toMs: T0 + 200_000 }, { verdict: 'deny', vmId: 'a' }] as const;
        for (const filter of filters) assert.deepEqual(await counts(known, filter), await counts(unknown, filter));
      }),
      { numRuns: Math.max(5, RUNS / fewer) },
    );
  });

  test('of two hosts, either may know which update is the first', async (t) => {
    const arrival = { point: 'ingress', hostId: 'host-2' } as const;
    const store = await storeWith(t, makeStore, [
      sampleRow({ isFirst: true }),
      sampleRow({ isFirst: false, endMs: T0 + 2000 }),
      sampleRow({ ...arrival, key: 'k2' }),
      sampleRow({ ...arrival, key: 'k2', endMs: T0 + 2000 }),
      sampleRow({ ...arrival, key: 'k3', isFirst: true, src: { port: 40_001 } }),
    ]);
    assert.deepEqual(
      (await store.series({}, 60_000)).map(({ flows, bytes }) => [flows, bytes]),
      [[2, 18_000]],
    );
  });
}
