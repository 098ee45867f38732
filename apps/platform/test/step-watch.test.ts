import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStepWatch } from '../src/tasks/step-watch.ts';

test('a clock is seen to be set, forward or back, and not when it went on or was slewed', () => {
  let steady = 0;
  const watch = createStepWatch(500, () => steady);
  const looks = [0, 1_000, 3_601_000, 3_602_000, 2_000, 3_300, 4_000].map((wall) => {
    steady += 1_000;
    return watch.wasSet(wall);
  });
  assert.deepEqual(looks, [false, false, true, false, true, false, false]);
});
