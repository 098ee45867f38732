import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginContacts, knows, meet } from '../src/contacts.ts';
import { beginDistinct, countOf, Distinct, withOne } from '../src/distinct.ts';

const addresses = (count: number) =>
  Array.from({ length: count }, (_, i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);

describe('how many different', () => {
  it('is right within three standard errors, and as right when all come again', () => {
    for (const count of [0, 1, 5, 20, 60, 150, 400, 2_000, 30_000]) {
      const met = [...addresses(count), ...addresses(count)].reduce(withOne, beginDistinct());
      assert.ok(Math.abs(countOf(met) - count) <= 0.4 * count, `${count}: ${countOf(met)}`);
      assert.ok(Distinct.safeParse(met).success);
    }
  });
});

describe('whom a VM has met', () => {
  it('is known for the last 120 at least, and a stranger seldom', () => {
    const contacts = beginContacts();
    const met = addresses(1_000);
    for (const [n, one] of met.entries()) {
      meet(contacts, one);
      for (const earlier of met.slice(Math.max(0, n - 119), n + 1)) assert.ok(knows(contacts, earlier));
    }
    const strangers = Array.from({ length: 3_000 }, (_, i) => `192.0.2.${i}`);
    assert.ok(strangers.filter((one) => knows(contacts, one)).length < 150);
  });

  it('is met for the first time once', () => {
    const contacts = beginContacts(8);
    assert.deepEqual(
      ['a', 'b', 'a'].map((one) => meet(contacts, one)),
      [true, true, false],
    );
  });
});
