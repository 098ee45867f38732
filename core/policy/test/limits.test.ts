import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LIMIT_KINDS, type LimitValues } from '@hypervigil/model';
import fc from 'fast-check';
import { limitValues, NEARNESS, type NearLimit, nearestLimits, nearnessOf, networkLimit } from '../src/index.ts';
import { cloudLimit, idOf, runs } from '../src/testing/index.ts';

const NONE: LimitValues = { bandwidthOut: null, bandwidthIn: null, newOut: null, newIn: null, open: null };
type Near = NearLimit<LimitValues & { num: number }>;
const near = (num: number, nearness: Near['nearness'], values: Partial<LimitValues>): Near => ({
  nearness,
  limit: { ...NONE, ...values, num },
});
const counting = (...limits: Near[]) =>
  Object.fromEntries(Object.entries(nearestLimits(limits)).map(([kind, { num }]) => [kind, num]));

suite('which limits count', () => {
  test('the nearest counts, more or less as it may be, and each kind for itself', () => {
    const everyone = near(1, 'everyone', { newOut: { perSecond: 10, burst: null }, open: 100 });
    const group = near(2, 'group', { newOut: { perSecond: 500, burst: null } });
    const vm = near(3, 'vm', { bandwidthIn: { kbps: 64, burstKbit: null } });
    assert.deepEqual(counting(everyone, group, vm), { newOut: 2, open: 1, bandwidthIn: 3 });
    assert.deepEqual(limitValues(nearestLimits([everyone, vm])), {
      ...NONE,
      newOut: { perSecond: 10, burst: null },
      open: 100,
      bandwidthIn: { kbps: 64, burstKbit: null },
    });
  });

  test('a VM is nearer than its group, that than its network, that than its tenant, and that than everyone', () => {
    const ways = { vm: true, group: true, network: true, tenant: true, everyone: true };
    for (const expected of NEARNESS) {
      assert.equal(nearnessOf(ways), expected);
      ways[expected] = false;
    }
    assert.equal(nearnessOf(ways), null);
  });

  test('of equally near ones the strictest counts: by rate, then by burst, then the older', () => {
    const rate = (num: number, perSecond: number, burst: number | null) =>
      near(num, 'group', { newIn: { perSecond, burst } });
    assert.deepEqual(counting(rate(1, 20, 1), rate(2, 10, null)), { newIn: 2 });
    assert.deepEqual(counting(rate(1, 10, null), rate(2, 10, 90)), { newIn: 2 });
    assert.deepEqual(counting(rate(2, 10, 90), rate(1, 10, 90)), { newIn: 1 });
  });

  test('of a network: one that names it before one of its tenant, and that before one of everybody', () => {
    const [network, tenant, vm] = [idOf('network', 1), idOf('tenant', 1), idOf('vm', 1)];
    const nobody = { vmIds: [], groupIds: [], networkIds: [], tenantIds: [] };
    const limit = (num: number, names: object, networkOpen: number | null) => ({
      ...nobody,
      ...names,
      num,
      networkOpen,
    });
    const all = [
      limit(1, {}, 900),
      limit(2, { tenantIds: [tenant] }, 800),
      limit(3, { networkIds: [network] }, 850),
      limit(4, { networkIds: [network], vmIds: [vm] }, 820),
      limit(5, { networkIds: [network] }, null),
      limit(6, { vmIds: [vm] }, 10),
    ];
    const counting = (limits: typeof all, tenantId: string | null = tenant) =>
      networkLimit(limits, { id: network, tenantId })?.num;
    assert.equal(counting(all), 4);
    assert.equal(counting(all.filter(({ num }) => num < 3)), 2);
    assert.equal(
      counting(
        all.filter(({ num }) => num < 3),
        null,
      ),
      1,
      'one that tenants share is of none of them',
    );
    assert.equal(counting(all.slice(4)), undefined, 'a limit of VMs is about no network');
  });

  test('the order of limits makes no difference, and one more never loosens what is as near', () => {
    const limits = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 9 }).chain(cloudLimit), fc.constantFrom(...NEARNESS)),
      { maxLength: 6, selector: ([{ num }]) => num },
    );
    fc.assert(
      fc.property(limits, (pairs) => {
        const all = pairs.map(([limit, nearness]) => ({ limit, nearness }));
        const found = limitValues(nearestLimits(all));
        assert.deepEqual(limitValues(nearestLimits(all.toReversed())), found);
        for (const kind of LIMIT_KINDS)
          assert.equal(
            found[kind] === null,
            all.every(({ limit }) => limit[kind] === null),
          );
      }),
      runs(500),
    );
  });
});
