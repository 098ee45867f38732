import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { boundsOf, createZoneWatch } from '../src/limits/zones.ts';

const network = (num: number, maxConnections: number | null = null) => ({ num, id: '', vlan: null, maxConnections });

suite('how many connections networks may have', () => {
  test('what was given, and equal shares of what that leaves, one of which stays free', () => {
    assert.deepEqual(
      [...boundsOf([network(1), network(2)], 3_000)],
      [
        [1, 1_000],
        [2, 1_000],
      ],
    );
    assert.deepEqual(
      [...boundsOf([network(1), network(2), network(3, 1_000)], 4_000)],
      [
        [1, 1_000],
        [2, 1_000],
        [3, 1_000],
      ],
    );
    assert.deepEqual([...boundsOf([network(1), network(2, 50)], undefined)], [[2, 50]]);
  });

  test('shares never fill the table, and nobody given more takes a share below that of all', () => {
    const given = fc.option(fc.integer({ min: 10, max: 10_000_000 }), { nil: null });
    fc.assert(
      fc.property(fc.array(given, { maxLength: 20 }), fc.integer({ min: 1_000, max: 3_000_000 }), (all, capacity) => {
        const networks = all.map((one, n) => network(n + 1, one));
        const bounds = boundsOf(networks, capacity);
        assert.equal(bounds.size, networks.length);
        for (const { num, maxConnections } of networks)
          if (maxConnections !== null) assert.equal(bounds.get(num), maxConnections);
          else assert.ok(bounds.get(num)! >= Math.floor(capacity / (networks.length + 1)));
        const sum = [...bounds.values()].reduce((a, b) => a + b, 0);
        const equally = all.every((one) => one === null || one <= capacity / (networks.length + 1));
        if (equally) assert.ok(sum < capacity, `${sum} of ${capacity}`);
      }),
    );
  });

  test('are told the switch, told again when they are others there, and taken back', async () => {
    const held = new Map<number, { limit: number; count: number }>();
    let here = [network(1), network(2)];
    let calls = 0;
    const changes: number[][] = [];
    const watch = createZoneWatch({
      conntrack: () => ({
        capacity: async () => 300,
        zoneLimits: async () => [...held].map(([zone, one]) => ({ zone, ...one })),
        async setZoneLimits(limits) {
          calls += limits.size;
          for (const [zone, limit] of limits) held.set(zone, { limit, count: held.get(zone)?.count ?? 0 });
        },
        async clearZoneLimits(zones) {
          for (const zone of zones) held.delete(zone);
        },
      }),
      networks: () => here,
      onChange: () => changes.push([...watch.full()]),
    });
    const limits = () => [...held].map(([zone, { limit }]) => [zone, limit]);
    const even = [
      [1, 100],
      [2, 100],
    ];
    held.set(9, { limit: 5, count: 0 });
    await watch.look();
    assert.deepEqual(limits(), [[9, 5], ...even], 'a zone that is not ours is let alone');
    await watch.look();
    assert.equal(calls, 2, 'what is right is not told again');
    held.set(1, { limit: 7, count: 3 });
    held.delete(2);
    await watch.look();
    assert.deepEqual(limits(), [[9, 5], ...even]);

    for (const [count, full] of [
      [99, []],
      [100, [1]],
      [91, [1]],
      [89, []],
    ] as const) {
      held.set(1, { limit: 100, count });
      await watch.look();
      assert.deepEqual([...watch.full()], full, String(count));
    }
    assert.deepEqual(changes, [[1], []]);

    here = [network(2)];
    await watch.look();
    assert.deepEqual(limits(), [
      [9, 5],
      [2, 150],
    ]);
  });
});
