import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { regularityOf } from '../src/regularity.ts';
import { randomFrom } from '../src/testing/random.ts';

function timesOf(between: readonly number[]): number[] {
  let now = 0;
  return [0, ...between.map((gap) => (now += gap))];
}

describe('regularity', () => {
  it('has the period, the jitter and the skew of its times', () => {
    const exact = regularityOf(timesOf(Array.from({ length: 20 }, () => 60)))!;
    assert.deepEqual([exact.period, exact.jitter, exact.skew], [60, 0, 0]);
    const put = regularityOf(timesOf([50, 55, 60, 65, 70]))!;
    assert.deepEqual([put.period, put.jitter, put.skew], [60, 5 / 60, 0]);
    // Quartiles 1, 2 and 5: (5 + 1 - 4) / 4.
    assert.equal(regularityOf(timesOf([1, 1, 2, 5, 5]))!.skew, 0.5);
  });

  it('is not for three times, or what comes all at once', () => {
    assert.equal(regularityOf([1, 2, 3]), undefined);
    assert.equal(regularityOf([5, 5, 5, 5, 5]), undefined);
  });

  it('tells a beacon that is put off by up to half a period from calls at random', () => {
    const random = randomFrom(7);
    const gaps = (next: () => number) => Array.from({ length: 31 }, next);
    let mistaken = 0;
    for (let i = 0; i < 2_000; i++) {
      const beacon = regularityOf(timesOf(gaps(() => random.int(300, 900))))!;
      assert.ok(beacon.chance < -9, `${beacon.chance}`);
      if (regularityOf(timesOf(gaps(() => random.exponential(600))))!.chance < -4) mistaken++;
    }
    assert.ok(mistaken <= 2, `${mistaken}`);
  });

  it('forgives a call that was missed', () => {
    const missed = regularityOf(timesOf([...Array.from({ length: 14 }, () => 60), 120, 60, 60]))!;
    assert.equal(missed.period, 60);
    assert.ok(missed.chance < -9);
  });

  it('is a number whatever the times are', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger(), { maxLength: 40 }), (times) => {
        const found = regularityOf(times.toSorted((a, b) => a - b));
        assert.ok(found === undefined || Object.values(found).every((value) => Number.isFinite(value)));
      }),
    );
  });
});
