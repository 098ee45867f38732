import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostIntent, IntentRule } from '@hypervigil/model';
import { EMPTY_INTENT } from '../src/enforcement/owner.ts';
import { blocksIn, blocksOtherwise } from '../src/gateways/blocks.ts';

const rule = (num: number, inspect?: Partial<IntentRule['inspect']>) =>
  ({ num, action: inspect ? 'inspect' : 'allow', ...(inspect && { inspect }) }) as IntentRule;
const intent = (...rules: IntentRule[]): HostIntent => ({ ...EMPTY_INTENT, rules });
const blocking = (num: number, name: string) =>
  rule(num, { group: 7, blocks: { applications: [], names: [name], risks: [] } });

test('gateways are told first when other rules block, or others of what they did, and of nothing else', () => {
  const before = intent(rule(1), blocking(2, 'a.example'));
  assert.ok(!blocksOtherwise(before, before));
  assert.ok(!blocksOtherwise(before, intent(rule(3), blocking(2, 'a.example'), rule(4, { group: 7 }))));
  assert.ok(blocksOtherwise(before, intent(rule(1), blocking(2, 'b.example'))));
  assert.ok(blocksOtherwise(before, intent(rule(1))));
  assert.ok(blocksOtherwise(before, intent(rule(1), blocking(2, 'a.example'), blocking(5, 'a.example'))));
});

test('a group looks where one of its rules blocks', () => {
  const some = intent(blocking(2, 'a.example'), rule(3, { group: 8 }));
  assert.ok(blocksIn(some, 7));
  assert.ok(!blocksIn(some, 8));
});
