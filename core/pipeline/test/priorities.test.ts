import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocatePriorities, PipelineError } from '../src/index.ts';

const keys = fc.uniqueArray(fc.integer({ min: 0, max: 60 }).map(String), { maxLength: 40 });

function assertFalling(ordered: readonly string[], priorities: ReadonlyMap<string, number>): void {
  const values = ordered.map((key) => priorities.get(key) ?? -1);
  for (const [i, value] of values.entries()) {
    assert.ok(value >= 1 && value <= 65535, `${value}`);
    if (i > 0) assert.ok(value < values[i - 1]!, `${values}`);
  }
}

test('priorities fall in the given order, whatever went before', () => {
  fc.assert(
    fc.property(fc.array(keys, { minLength: 1, maxLength: 6 }), (orders) => {
      let previous = new Map<string, number>();
      for (const order of orders) {
        previous = allocatePriorities(order, previous);
        assert.equal(previous.size, order.length);
        assertFalling(order, previous);
      }
    }),
  );
});

test('an insertion moves nobody while there is room', () => {
  let order = ['z'];
  let priorities = allocatePriorities(order);
  for (let i = 0; i < 14; i++) {
    order = [`${i}`, ...order];
    const next = allocatePriorities(order, priorities);
    for (const [key, priority] of priorities) assert.equal(next.get(key), priority);
    priorities = next;
  }
});

test('a rule that moves from the end to the beginning moves alone', () => {
  const order = Array.from({ length: 20 }, (_, i) => String(i));
  const before = allocatePriorities(order);
  const after = allocatePriorities(['19', ...order.slice(0, 19)], before);
  assert.deepEqual(
    order.filter((key) => after.get(key) !== before.get(key)),
    ['19'],
  );
});

test('a full gap spreads everything anew', () => {
  const previous = new Map([
    ['a', 11],
    ['c', 10],
  ]);
  const priorities = allocatePriorities(['a', 'b', 'c'], previous);
  assertFalling(['a', 'b', 'c'], priorities);
});

test('more rules than priorities are refused', () => {
  const order = Array.from({ length: 65_536 }, (_, i) => String(i));
  assert.throws(
    () => allocatePriorities(order),
    (error) => error instanceof PipelineError && error.code === 'too-many-rules',
  );
});
