import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FIRST_RULE_NUM,
  Mac,
  Name,
  PortRange,
  Service,
  SYNTHETIC_RULES,
  syntheticRule,
  VM_ACTIONS,
  type VmAction,
  VmState,
  vmCan,
} from '../src/index.ts';

test('a button and the server agree on every action in every state', () => {
  for (const action of Object.keys(VM_ACTIONS) as VmAction[]) {
    for (const state of VmState.options)
      assert.equal(vmCan(action, state), (VM_ACTIONS[action] as readonly string[]).includes(state));
    assert.equal(vmCan(action, 'gone'), false, `${action} on a VM that is gone`);
  }
});

test('synthetic rules have their own numbers below those of people', () => {
  const nums = Object.values(SYNTHETIC_RULES);
  assert.equal(new Set(nums).size, nums.length);
  for (const num of nums) assert.ok(num > 0 && num < FIRST_RULE_NUM);
  assert.equal(syntheticRule(SYNTHETIC_RULES['anti-spoof']), 'anti-spoof');
  assert.equal(syntheticRule(FIRST_RULE_NUM), undefined);
});

test('names of any script, but nothing that a shell or a screen would trip over', () => {
  for (const good of ['web-1', '生产 网络', 'a']) assert.ok(Name.safeParse(good).success, good);
  for (const bad of ['', '-a', 'a\u0000b', '<script>', 'a'.repeat(64), '../x'])
    assert.ok(!Name.safeParse(bad).success, bad);
});

test('a group address is no VM’s MAC', () => {
  assert.equal(Mac.parse('52:54:00:AA:BB:CC'), '52:54:00:aa:bb:cc');
  for (const bad of ['01:00:5e:00:00:01', 'ff:ff:ff:ff:ff:ff', '52:54:00:aa:bb'])
    assert.ok(!Mac.safeParse(bad).success, bad);
});

test('ports and services as people write them', () => {
  for (const good of ['0', '443', '8000-8080']) assert.ok(PortRange.safeParse(good).success, good);
  for (const bad of ['', '70000', '90-80', '80,443', '-1']) assert.ok(!PortRange.safeParse(bad).success, bad);
  assert.deepEqual(Service.parse({ protocol: 'tcp' }), { protocol: 'tcp', ports: [] });
});
