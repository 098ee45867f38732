import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hours, WEEKDAYS } from '@hypervigil/model';
import fc from 'fast-check';
import { holds, nextChange } from '../src/hours.ts';
import { runs } from '../src/testing/index.ts';

const EVERY_DAY = [...WEEKDAYS];
const hours = (zone: string, from: string, to: string, more: Partial<Hours> = {}): Hours =>
  Hours.parse({ zone, windows: [{ days: EVERY_DAY, from, to }], ...more });
const next = (one: Hours, at: string) => nextChange(one, new Date(at))?.toISOString().slice(0, 16) ?? null;
const at = (one: Hours, instant: string) => holds(one, new Date(instant));

test('office hours are those of the place', () => {
  const office = hours('Asia/Shanghai', '09:00', '18:00', {
    windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '18:00' }],
  });
  // Friday 20 November 2026, 17:59 and 18:00 in Shanghai.
  assert.deepEqual([at(office, '2026-11-20T09:59:59Z'), at(office, '2026-11-20T10:00:00Z')], [true, false]);
  assert.equal(next(office, '2026-11-20T10:00:00Z'), '2026-11-23T01:00');
  assert.equal(next(office, '2026-11-23T01:00:00Z'), '2026-11-23T10:00');
});

test('a night belongs to the day on which it begins', () => {
  const night = hours('Europe/Berlin', '22:00', '06:00', {
    windows: [{ days: ['fri'], from: '22:00', to: '06:00' }],
  });
  assert.deepEqual(
    ['2026-11-20T20:59Z', '2026-11-20T21:00Z', '2026-11-21T04:59Z', '2026-11-21T05:00Z'].map((one) => at(night, one)),
    [false, true, true, false],
  );
});

test('a whole day has 24 hours, but 23 when the clocks go forward and 25 when they go back', () => {
  const lengthOf = (day: string, from: string) => {
    const sunday = hours('Europe/Berlin', '00:00', '24:00', {
      windows: [{ days: ['sun'], from: '00:00', to: '24:00' }],
    });
    const begin = nextChange(sunday, new Date(from))!;
    assert.equal(begin.toISOString().slice(0, 10), day);
    return (nextChange(sunday, begin)!.getTime() - begin.getTime()) / 3_600_000;
  };
  assert.equal(lengthOf('2026-11-14', '2026-11-10T00:00Z'), 24);
  assert.equal(lengthOf('2026-03-28', '2026-03-25T00:00Z'), 23);
  assert.equal(lengthOf('2026-10-24', '2026-10-21T00:00Z'), 25);
});

test('an hour that is skipped does not come, and one that is repeated comes twice', () => {
  const small = hours('Europe/Berlin', '02:00', '03:00');
  // 29 March 2026: 02:00 does not come; the next is on the 30th, at 00:00 UTC.
  assert.equal(next(small, '2026-03-28T02:00:00Z'), '2026-03-30T00:00');
  // 25 October 2026: 02:30 comes at 00:30 UTC and at 01:30 UTC, and it is one span.
  assert.deepEqual(
    ['2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'].map((one) => at(small, one)),
    [true, true, false],
  );
  assert.equal(next(small, '2026-10-25T00:30:00Z'), '2026-10-25T02:00');
  // Of which the second half hour stands apart.
  const half = hours('America/New_York', '01:30', '02:00');
  const turns = ['2026-11-01T05:00Z', '2026-11-01T05:30Z', '2026-11-01T06:00Z', '2026-11-01T06:30Z'];
  assert.deepEqual(
    turns.map((one) => next(half, one)),
    ['2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30', '2026-11-01T07:00'],
  );
});

test('first and last date are those of the place, and wake from afar', () => {
  const audit = hours('Pacific/Auckland', '00:00', '00:00', { startsOn: '2027-06-01', endsOn: '2027-06-30' });
  assert.equal(next(audit, '2026-11-22T00:00:00Z'), '2027-05-31T12:00');
  assert.equal(next(audit, '2027-05-31T12:00:00Z'), '2027-06-30T12:00');
  assert.equal(next(audit, '2027-06-30T12:00:00Z'), null);
  assert.equal(next(hours('Asia/Kolkata', '00:00', '24:00'), '2026-11-22T00:00:00Z'), null);
});

test('nothing changes before the next change, minute by minute', () => {
  const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 30, 59));
  const text = ([hour, minute]: [number, number]) => [hour, minute].map((n) => String(n).padStart(2, '0')).join(':');
  const some = fc
    .record({
      zone: fc.constantFrom('UTC', 'Asia/Shanghai', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns'),
      windows: fc.array(
        fc.record({
          days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1, maxLength: 7 }),
          from: time.map(text),
          to: time.map(text),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      startsOn: fc.constantFrom(null, '2026-03-28', '2026-10-25'),
      endsOn: fc.constantFrom(null, '2026-04-05', '2026-11-01'),
    })
    .map((fields) => Hours.parse(fields));
  // Days around the changes of the clocks: 8 and 29 March, 5 April, 4 and 25 October, 1 November 2026.
  const days = ['2026-03-07', '2026-03-28', '2026-04-04', '2026-10-03', '2026-10-24', '2026-10-31', '2026-06-10'];
  const instant = fc.tuple(fc.constantFrom(...days), fc.integer({ min: 0, max: 2 * 1440 }), fc.nat(59_999));
  fc.assert(
    fc.property(some, instant, (one, [day, minute, ms]) => {
      const start = Date.parse(`${day}T00:00:00Z`) + minute * 60_000 + ms;
      const now = holds(one, new Date(start));
      const change = nextChange(one, new Date(start))?.getTime() ?? start + 400 * 86_400_000;
      const last = Math.min(change, start + 3 * 86_400_000);
      for (let then = start; then < last; then += 60_000) assert.equal(holds(one, new Date(then)), now);
      assert.equal(holds(one, new Date(change - 1)), now);
      if (last === change) assert.notEqual(holds(one, new Date(change)), now);
    }),
    runs(60),
  );
});
