import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST_ROUTE_MS, retryAfterMs } from '../src/index.ts';

test('each wait is about twice the last, half of it by chance, and none is longer than an hour', () => {
  assert.deepEqual(
    [1, 2, 3].map((failures) => retryAfterMs(failures, 1)),
    [2_000, 4_000, 8_000],
  );
  assert.deepEqual(
    [1, 2, 3].map((failures) => retryAfterMs(failures, 0)),
    [1_000, 2_000, 4_000],
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, random) => {
        const ms = retryAfterMs(failures, random);
        assert.ok(ms >= 1_000 && ms <= 3_600_000);
        assert.ok(retryAfterMs(failures, random, LONGEST_ROUTE_MS) <= LONGEST_ROUTE_MS);
        assert.ok(retryAfterMs(failures + 1, random) >= ms);
      },
    ),
  );
});
