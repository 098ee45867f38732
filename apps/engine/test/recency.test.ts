import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Recency, type Touched } from '../src/flows/recency.ts';

interface Thing extends Touched<Thing> {
  readonly name: number;
}

test('whatever is touched and removed, the order is that of the last touches', () => {
  const step = fc.record({ name: fc.integer({ min: 0, max: 5 }), touch: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const things = Array.from({ length: 6 }, (_, name): Thing => ({ name, older: null, newer: null }));
      const order = new Recency<Thing>();
      let meant: number[] = [];
      for (const { name, touch } of steps) {
        if (touch) order.touch(things[name]!);
        else order.remove(things[name]!);
        meant = [...meant.filter((other) => other !== name), ...(touch ? [name] : [])];
        const found: number[] = [];
        for (let one = order.oldest; one !== null; one = one.newer) found.push(one.name);
        assert.deepEqual(found, meant);
        assert.equal(order.size, meant.length);
      }
    }),
  );
});
