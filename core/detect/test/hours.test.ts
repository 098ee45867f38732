import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginHours, count, usual, usualNow } from '../src/hours.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
/** Hours in a row, the last one going on. */
const after = (amounts: readonly number[]) => {
  const hours = beginHours();
  for (const [n, amount] of amounts.entries()) count(hours, amount, (1000 + n) * HOUR_MS);
  return hours;
};
const day = (busyHour: number, amount: number) => Array.from({ length: 24 }, (_, n) => (n === busyHour ? amount : 0));

describe('hours of the past', () => {
  it('know how much each had, within a quarter, and not the one that goes on', () => {
    const { known, atMost } = usual(after([...Array.from({ length: 30 }, () => 10 * MIB), 900 * MIB]));
    assert.equal(known, 30);
    assert.ok(atMost > 7.5 * MIB && atMost < 13 * MIB, `${atMost / MIB}`);
  });

  it('take for usual what the busiest hour has on half of the days', () => {
    const nightly = [...day(2, 500 * MIB), ...day(2, 500 * MIB), ...day(2, 0), 0];
    assert.ok(usual(after(nightly)).atMost > 350 * MIB);
    const once = [...day(2, 500 * MIB), ...day(2, 0), ...day(2, 0), 0];
    assert.ok(usual(after(once)).atMost < MIB);
  });

  it('know the hours of the day at which nothing is sent', () => {
    const days = [0, 1, 2].flatMap(() => day(10, 500 * MIB));
    assert.equal(usual(after([...days, 0])).isQuiet, true);
    assert.equal(usual(after([...days, ...day(10, 0).slice(0, 11)])).isQuiet, false);
    assert.equal(usual(after(day(10, 500 * MIB))).isQuiet, false);
  });

  it('go by while nothing is sent, and end after a week', () => {
    const hours = after([5]);
    count(hours, 0, 1009 * HOUR_MS);
    assert.equal(hours.past.length, 9);
    count(hours, 0, 9000 * HOUR_MS);
    assert.deepEqual([hours.past, usual(hours).atMost], ['A'.repeat(170), 0]);
  });

  it('know what an hour of the week has: by its neighbours, by two days, and by last week', () => {
    assert.equal(usualNow(after(Array.from({ length: 168 }, () => MIB))), undefined);
    const week = (amountOf: (hour: number, weekday: number) => number) =>
      usualNow(after(Array.from({ length: 193 }, (_, n) => amountOf(n % 24, Math.floor(n / 24) % 7))))!;
    const is = (found: number, amount: number) => assert.ok(found > 0.75 * amount && found < 1.3 * amount, `${found}`);
    // Asked at midnight: the copy of one o'clock is near, that of noon is not, and one odd day is no custom.
    is(
      week((hour) => (hour === 1 ? 500 * MIB : 0)),
      500 * MIB,
    );
    assert.equal(
      week((hour) => (hour === 12 ? 500 * MIB : 0)),
      0,
    );
    assert.equal(
      week((hour, weekday) => (hour === 1 && weekday === 4 ? 500 * MIB : 0)),
      0,
    );
    is(
      week((hour, weekday) => (hour === 1 && weekday > 4 ? 500 * MIB : 0)),
      500 * MIB,
    );
    // It is the eighth day's end: a week ago was the first day's.
    is(
      week((hour, weekday) => (hour === 23 && weekday === 0 ? 900 * MIB : 0)),
      900 * MIB,
    );
  });

  it('count what comes late to the hour that goes on', () => {
    const hours = after([1, 1]);
    count(hours, 7, 1000 * HOUR_MS);
    assert.deepEqual([hours.past.length, hours.now], [1, 8]);
  });
});
