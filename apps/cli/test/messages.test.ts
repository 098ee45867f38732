import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_STATUS } from '@hypervigil/model';
import { en } from '../src/messages/en.ts';
import { messagesFor } from '../src/messages/index.ts';
import { zh } from '../src/messages/zh.ts';

const keys = (value: object, path = ''): string[] =>
  Object.entries(value).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${path}${k}.`) : [`${path}${k}`]));

test('both languages have every key, and every error of the API has a sentence', () => {
  assert.deepEqual(keys(zh).sort(), keys(en).sort());
  assert.deepEqual(Object.keys(en.api).sort(), Object.keys(ERROR_STATUS).sort());
});

test('no Chinese sentence was left in English', () => {
  for (const [code, sentence] of Object.entries(zh.api)) assert.match(sentence, /\p{Script=Han}/u, code);
});

test('the flag wins over the locale', () => {
  assert.equal(messagesFor('zh', { LANG: 'en_US.UTF-8' }), zh);
  assert.equal(messagesFor(undefined, { LANG: 'zh_CN.UTF-8' }), zh);
  assert.equal(messagesFor(undefined, {}), en);
});
