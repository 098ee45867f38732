import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_POLICY_ORDER } from '@hypervigil/model';
import fc from 'fast-check';
import { ordersAt } from '../src/index.ts';

const inOrder = (a: { id: string; order: number }, b: { id: string; order: number }) =>
  a.order - b.order || (a.id < b.id ? -1 : 1);
/** Orders close together, and at both ends, where room is short. */
const order = fc.oneof(fc.nat(30), fc.integer({ min: MAX_POLICY_ORDER - 12, max: MAX_POLICY_ORDER }));
const policies = fc
  .array(order, { maxLength: 12 })
  .map((orders) => orders.map((one, n) => ({ id: `p${n}`, order: one })).sort(inOrder));

test('a policy comes to stand where it is put, and no two others change places', () => {
  fc.assert(
    fc.property(policies, fc.nat(12), fc.constantFrom('a', 'z'), (others, n, id) => {
      const place = n % (others.length + 1);
      const orders = ordersAt(others, place, id);
      const wanted = others.toSpliced(place, 0, { id, order: -1 });
      const put = wanted.map((one) => ({ ...one, order: orders.get(one.id) ?? one.order }));
      assert.deepEqual(
        put.toSorted(inOrder).map((one) => one.id),
        wanted.map((one) => one.id),
      );
      for (const one of orders.values()) assert.ok(Number.isInteger(one) && one >= 0 && one <= MAX_POLICY_ORDER);
      for (const one of others) assert.notEqual(orders.get(one.id), one.order, 'it is named, and stays as it was');
      const [before, after] = [others[place - 1]?.order ?? -1, others[place]?.order ?? MAX_POLICY_ORDER + 1];
      if (after - before > 1 && after <= MAX_POLICY_ORDER) assert.equal(orders.size, 1, 'there was room for it alone');
    }),
  );
});

test('policies that share an order give way as far as they must', () => {
  const [a, b, c, d] = [100, 100, 100, 130].map((one, n) => ({ id: 'abcd'[n]!, order: one }));
  assert.deepEqual(
    [...ordersAt([a!, b!, c!, d!], 1, 'x')],
    [
      ['x', 110],
      ['b', 120],
      ['c', 130],
      ['d', 140],
    ],
  );
  assert.deepEqual([...ordersAt([a!, b!, c!], 0, 'x')], [['x', 90]]);
  assert.deepEqual([...ordersAt([a!, b!, c!], 3, 'x')], [['x', 110]]);
});
