import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Endpoint } from '@hypervigil/contract';
import { COMMANDS, findCommand } from '../src/commands.ts';

/** Operations that people reach in another way: `hv login`, `hv logout`, `hv policy recommend` and `publish`, `hv capture fetch`, `hv flow save`, what only screens need (the live stream, what changed of a draft that is held). */
const ELSEWHERE = new Set([
  ...['signIn', 'signOut', 'changePassword', 'streamEvents'],
  ...['recommendPolicy', 'applyRecommendation', 'publishPolicy', 'readCapture', 'listDraftChanges'],
  ...['exportFlowsJson', 'exportFlowsParquet'],
]);

test('every operation that a person may call has its command', () => {
  const twins = new Set<string>(COMMANDS.map((c) => c.operation));
  const missing = Object.entries(api as Record<string, Endpoint>)
    .filter(([name, endpoint]) => endpoint.caller === 'person' && !ELSEWHERE.has(name) && !twins.has(name))
    .map(([name]) => name);
  assert.deepEqual(missing, []);
});

test('no two commands have the same words', () => {
  const words = COMMANDS.map((c) => c.words);
  assert.equal(new Set(words).size, words.length);
});

test('the longer command wins, and what follows it are its arguments', () => {
  assert.equal(findCommand(['vm', 'list', '--json'])?.command.operation, 'listVms');
  assert.deepEqual(findCommand(['vm', 'show', 'web1', '--json'])?.rest, ['web1', '--json']);
  assert.equal(findCommand(['overview'])?.command.operation, 'getOverview');
  assert.equal(findCommand(['vm']), undefined);
});
