import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mailOf } from '../src/index.ts';

const at = new Date('2026-01-31T08:00:05Z');
const mail = (subject: string, text: string) =>
  mailOf({ id: 'a@b.example', from: 'hv@b.example', to: ['x@c.example', 'y@c.example'], subject, text, at });

test('a mail has the headers that mail wants, and its text in UTF-8', () => {
  const [head = '', body = ''] = mail('新告警', '第一行\n第二行\n').split('\r\n\r\n');
  assert.match(
    head,
    /^Message-ID: <a@b\.example>\r\nDate: Sat, 31 Jan 2026 08:00:05 \+0000\r\nFrom: Hypervigil <hv@b\.example>\r\n/,
  );
  assert.match(head, /\r\nSubject: =\?utf-8\?B\?5paw5ZGK6K2m\?=\r\n/);
  assert.equal(Buffer.from(body, 'base64').toString(), '第一行\r\n第二行\r\n');
});

test('no subject and no text adds a header or a command, and no line is too long', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 3000 }),
      (subject, text) => {
        const whole = mail(subject, text);
        const lines = whole.split('\r\n');
        assert.ok(!whole.replaceAll('\r\n', '').includes('\n') && !whole.replaceAll('\r\n', '').includes('\r'));
        assert.ok(lines.every((line) => Buffer.byteLength(line) <= 78 && !line.startsWith('.')));
        assert.equal(lines.filter((line) => /^[A-Z][\w-]*:/.test(line)).length, 9);
      },
    ),
  );
});
