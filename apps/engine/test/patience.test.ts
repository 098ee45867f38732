import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPatience } from '../src/gateways/patience.ts';

const clock = () => {
  let ms = 1_000;
  return { now: () => ms, pass: (s: number) => (ms += s * 1_000) };
};

test('a gateway that starts is waited for longer than one that has passed packets', () => {
  const { now, pass } = clock();
  const patience = createPatience(now);
  pass(299);
  assert.equal(patience.isOver(), false);
  patience.turned(true);
  pass(3_600);
  patience.turned(false);
  pass(59);
  assert.equal(patience.isOver(), false);
  pass(1);
  assert.equal(patience.isOver(), true);
});

test('the silence of a gateway that was killed is not that of the one that starts in its place', () => {
  const { now, pass } = clock();
  const patience = createPatience(now);
  pass(0.5);
  patience.turned(false);
  pass(298);
  assert.deepEqual([patience.isOver(), patience.hasPassed()], [false, false]);
  pass(1.5);
  assert.equal(patience.isOver(), true);
});

test('one that an earlier process started has its start behind it', () => {
  const { now, pass } = clock();
  const patience = createPatience(now, true);
  pass(60);
  assert.equal(patience.isOver(), true);
});
