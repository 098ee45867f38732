import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from '../src/messages/en.ts';
import { messagesFor } from '../src/messages/index.ts';
import { zh } from '../src/messages/zh.ts';

const keys = (value: object, path = ''): string[] =>
  Object.entries(value).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${path}${k}.`) : [`${path}${k}`]));

test('both languages have every key', () => {
  assert.deepEqual(keys(zh).sort(), keys(en).sort());
});

test('no Chinese sentence was left in English', () => {
  for (const [code, say] of Object.entries(zh.errors)) assert.match(say({}), /\p{Script=Han}/u, code);
});

test('the flag wins over the locale', () => {
  assert.equal(messagesFor('zh', { LANG: 'en_US.UTF-8' }), zh);
  assert.equal(messagesFor(undefined, { LANG: 'zh_CN.UTF-8' }), zh);
  assert.equal(messagesFor(undefined, {}), en);
});
