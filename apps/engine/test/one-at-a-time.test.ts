import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { oneAtATime } from '../src/one-at-a-time.ts';

const isNot = (error: unknown) => assert.fail(String(error));

function counted() {
  const state = { begun: 0, most: 0, now: 0, release: () => {} };
  const work = async (): Promise<void> => {
    state.begun++;
    state.most = Math.max(state.most, ++state.now);
    await new Promise<void>((resolve) => {
      state.release = resolve;
    });
    state.now--;
  };
  return { state, work };
}

test('what is asked while it is done is done once more, never beside', async () => {
  const { state, work } = counted();
  const { ask } = oneAtATime(work, isNot);
  for (let n = 0; n < 5; n++) ask();
  assert.equal(state.begun, 1);
  state.release();
  await turn();
  assert.equal(state.begun, 2);
  state.release();
  await turn();
  assert.deepEqual([state.begun, state.most], [2, 1]);
  ask();
  assert.equal(state.begun, 3);
});

test('what asks for itself at its beginning is not done beside itself', async () => {
  const { state, work } = counted();
  const { ask, stop } = oneAtATime(() => {
    if (state.begun === 0) ask();
    return work();
  }, isNot);
  ask();
  assert.equal(state.begun, 1);
  state.release();
  await turn();
  assert.deepEqual([state.begun, state.most], [2, 1]);
  state.release();
  await stop();
});

test('work that rejects is told, and done again when it is asked', async () => {
  const told: unknown[] = [];
  const { ask } = oneAtATime(
    () => Promise.reject(new Error('away')),
    (error) => told.push(error),
  );
  ask();
  await turn();
  ask();
  await turn();
  assert.equal(told.length, 2);
});

test('stop waits for what is being done, and nothing is begun after', async () => {
  const { state, work } = counted();
  const { ask, stop } = oneAtATime(work, isNot);
  ask();
  ask();
  const stopping = stop();
  assert.equal(await Promise.race([stopping, turn('waits')]), 'waits');
  state.release();
  await stopping;
  ask();
  assert.equal(state.begun, 1);
});
