import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../src/words/en.ts';
import { zh } from '../src/words/zh.ts';

const PARAMS = new Proxy({}, { get: (_, key) => (key === 'what' ? 'group' : String(key)) });
const sentences = (table: object) =>
  Object.entries(table as Record<string, (params: object) => string>).map(
    ([code, say]) => [code, say(PARAMS)] as const,
  );

test('every code has its words in both languages', () => {
  for (const section of ['mistakes', 'reasons'] as const) {
    assert.deepEqual(Object.keys(zh[section]).sort(), Object.keys(en[section]).sort());
    for (const [code, text] of sentences(zh[section])) assert.match(text, /\p{Script=Han}/u, code);
    for (const [code, text] of sentences(en[section])) assert.doesNotMatch(text, /\p{Script=Han}|undefined/u, code);
  }
});
