import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Sample } from '../src/flows/sample.ts';
import { onPlatformTime } from '../src/flows/when.ts';

const HOUR = 3_600_000;
/** The platform's clock. */
const NOW = 1_800_000_000_000;
const dated = (startMs: number, endMs: number) => ({ startMs, endMs }) as Sample;
const times = ({ startMs, endMs }: Sample) => [startMs - NOW, endMs - NOW];

suite('times of flows are on the platform’s clock', () => {
  test('as they are, when this host’s is right', () => {
    assert.deepEqual(times(onPlatformTime(dated(NOW - 1500, NOW - 500), NOW, 0)), [-1500, -500]);
  });
  for (const error of [HOUR, -HOUR])
    test(`put right, when this host’s is ${error} ms off`, () => {
      const seen = onPlatformTime(dated(NOW + error - 1500, NOW + error - 500), NOW + error, error);
      assert.deepEqual(times(seen), [-1500, -500]);
      // Begun before the jump, ended after it; seen before the jump, told after it.
      assert.deepEqual(times(onPlatformTime(dated(NOW - 1500, NOW + error - 500), NOW + error, error)), [-1500, -500]);
      assert.deepEqual(times(onPlatformTime(dated(NOW - 1500, NOW - 500), NOW + error, error)), [-1500, -500]);
      // The clock is right again, and the switch still tells of before.
      assert.deepEqual(times(onPlatformTime(dated(NOW + error - 1500, NOW + error), NOW, 0)), [0, 0]);
    });
});
