import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostIntent, IntentGateway, IntentRule } from '@hypervigil/model';
import { EMPTY_INTENT } from '../src/enforcement/owner.ts';
import { createAhead } from '../src/gateways/ahead.ts';
import { silentLog } from '../src/testing/silent-log.ts';

const blocking = (revision: number, ...names: string[]): HostIntent => ({
  ...EMPTY_INTENT,
  revision,
  rules: names.map(
    (name, num) =>
      ({ num, action: 'inspect', inspect: { group: 7, blocks: { names: [name] } } }) as unknown as IntentRule,
  ),
});
const gateway = (num: number, group = 7) => ({ num, id: `gateway ${num}`, group }) as IntentGateway;

/** Two gateways of a group that blocks and one of another; a gateway learns when the test says so. */
function scene() {
  const learnt = new Map<number, HostIntent>();
  const told: number[] = [];
  const passing = new Set([1, 2, 3]);
  const state = { intent: blocking(1, 'a.example'), changes: 0 };
  const ahead = createAhead({
    wanted: () => [gateway(1), gateway(2), gateway(3, 8)],
    intent: () => state.intent,
    passes: (num) => passing.has(num),
    tell: ({ num }) => told.push(num),
    hasLearnt: ({ num }, policy) => learnt.get(num) === policy,
    onChange: () => state.changes++,
    log: silentLog,
    patienceMs: 100,
  });
  const behind = () => [1, 2, 3].filter(ahead.isBehind);
  return { ahead, learnt, told, passing, state, behind };
}

test('the switch follows as soon as the gateways know, and only those are asked that block', async () => {
  const { ahead, learnt, told, behind } = scene();
  const next = blocking(2, 'b.example');
  const prepared = ahead.prepare(next, () => true);
  assert.equal(ahead.policy(), next);
  for (const num of [1, 2]) learnt.set(num, next);
  await prepared;
  assert.deepEqual([told, behind()], [[1, 2], []]);
});

test('a gateway that does not answer is given nothing new until it has learnt', async () => {
  const { ahead, learnt, state, behind } = scene();
  const next = blocking(2, 'b.example');
  learnt.set(1, next);
  await ahead.prepare(next, () => true);
  assert.deepEqual([behind(), state.changes], [[2], 0]);
  ahead.catchUp();
  assert.deepEqual([behind(), state.changes], [[2], 0]);
  state.intent = next;
  learnt.set(2, next);
  ahead.catchUp();
  assert.deepEqual([behind(), state.changes], [[], 1]);
});

test('one through which nothing passes is not waited for, but may not come back before it has learnt', async () => {
  const { ahead, learnt, passing, behind } = scene();
  const next = blocking(2, 'b.example');
  learnt.set(1, next);
  passing.delete(2);
  await ahead.prepare(next, () => true);
  assert.deepEqual(behind(), [2]);
});

test('something newer is not kept waiting, and what has not learnt by then is given nothing new', async () => {
  const { ahead, behind } = scene();
  let isCurrent = true;
  const prepared = ahead.prepare(blocking(2, 'b.example'), () => isCurrent);
  isCurrent = false;
  await prepared;
  assert.deepEqual(behind(), [1, 2]);
});

test('nothing is asked where rules block as before, and nobody has fallen behind', async () => {
  const { ahead, told, state, behind } = scene();
  await ahead.prepare({ ...blocking(2, 'a.example'), rules: state.intent.rules }, () => true);
  assert.deepEqual([told, behind(), ahead.policy()], [[], [], state.intent]);
});
