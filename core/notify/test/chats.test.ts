import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type ChatKind, chatAccepts, chatRequest, type Hmac, signatureOf, textOf } from '../src/index.ts';
import { messageOf } from './make.ts';

const hmac: Hmac = (key, text, encoding) => createHmac('sha256', key).update(text).digest(encoding);
const nowMs = 1_769_846_405_000;
const text = textOf('zh', messageOf());
const ask = (kind: ChatKind, url: string, key?: string, said = text) =>
  chatRequest(kind, said, { url, key, hmac, nowMs });

test('DingTalk: moment and signature are in the address, which keeps its token', () => {
  const { url, body } = ask('dingtalk', 'https://oapi.dingtalk.com/robot/send?access_token=t', 'SECabc');
  const { searchParams } = new URL(url);
  assert.equal(searchParams.get('access_token'), 't');
  assert.equal(searchParams.get('timestamp'), String(nowMs));
  assert.equal(searchParams.get('sign'), createHmac('sha256', 'SECabc').update(`${nowMs}\nSECabc`).digest('base64'));
  assert.match((body as { text: { content: string } }).text.content, /^\[高\] 新告警：端口扫描 – shop1\n/);
  assert.ok(!new URL(ask('dingtalk', 'https://d.example/?access_token=t').url).searchParams.has('sign'));
});

test('Feishu: moment and key sign nothing, and names call nobody', () => {
  const vmName = '<at user_id="all">all</at>';
  const { body } = ask('feishu', 'https://open.feishu.cn/hook', 'key', textOf('zh', messageOf({ vmName })));
  const { timestamp, sign, msg_type, content } = body as {
    timestamp: string;
    sign: string;
    msg_type: string;
    content: { post: { zh_cn: { content: { tag: string }[][] } } };
  };
  assert.equal(timestamp, String(nowMs / 1000));
  assert.equal(sign, createHmac('sha256', `${timestamp}\nkey`).update('').digest('base64'));
  assert.equal(msg_type, 'post');
  assert.deepEqual(new Set(content.post.zh_cn.content.flat().map(({ tag }) => tag)), new Set(['text', 'a']));
});

test('WeCom takes 2,048 bytes, cut at a character', () => {
  const long = { ...text, lines: Array.from({ length: 500 }, () => '告警') };
  const { content } = (ask('wecom', 'https://q.example/', undefined, long).body as { text: { content: string } }).text;
  assert.ok(Buffer.byteLength(content) <= 2048 && Buffer.byteLength(content) > 2040);
  assert.ok(content.endsWith('…') && content.isWellFormed() && !content.includes('\uFFFD'));
});

test('Slack is given text without mentions and links of others', () => {
  const vmName = '<!channel> <http://evil.example|x> & *b*';
  const { body } = ask('slack', 'https://hooks.slack.com/services/x', undefined, textOf('en', messageOf({ vmName })));
  const { text: fallback, blocks } = body as { text: string; blocks: { type: string; text?: { type: string } }[] };
  assert.ok(!fallback.includes('<') && fallback.includes('&lt;!channel&gt;'));
  for (const { type, text: inner } of blocks) assert.equal(type === 'context' || inner?.type === 'plain_text', true);
});

test('chats say in the body of a success what they did not take', () => {
  assert.ok(chatAccepts('dingtalk', '{"errcode":0,"errmsg":"ok"}'));
  assert.ok(!chatAccepts('dingtalk', '{"errcode":310000,"errmsg":"sign not match"}'));
  assert.ok(chatAccepts('feishu', '{"code":0,"msg":"success"}'));
  assert.ok(chatAccepts('feishu', '{"StatusCode":0,"StatusMessage":"success"}'));
  assert.ok(!chatAccepts('feishu', '{"code":19021,"msg":"sign match fail"}'));
  assert.ok(!chatAccepts('wecom', '{"errcode":93000,"errmsg":"invalid webhook url"}'));
  assert.ok(chatAccepts('slack', 'ok'));
  for (const kind of ['dingtalk', 'feishu', 'wecom', 'slack'] as const)
    for (const answer of ['', 'null', '[]', '{}', '<html>']) assert.ok(!chatAccepts(kind, answer), `${kind} ${answer}`);
});

test('a webhook is signed over moment and body', () => {
  const v1 = createHmac('sha256', 'key').update('1769846405.{"a":1}').digest('hex');
  assert.equal(signatureOf(hmac, 'key', 1_769_846_405, '{"a":1}'), `t=1769846405,v1=${v1}`);
});
