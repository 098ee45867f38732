import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReplyReader, type Reply, replyText, SmtpError } from '../src/index.ts';

const read = (...pieces: string[]): Reply[] => {
  const reader = createReplyReader();
  return pieces.flatMap((piece) => reader(Buffer.from(piece)));
};

test('replies come whole, however their bytes are cut', () => {
  const text = '220 mx.example ESMTP\r\n250-mx.example\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n';
  const whole = read(text);
  assert.deepEqual(
    whole.map(({ code, lines }) => [code, lines.length]),
    [
      [220, 1],
      [250, 3],
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      assert.deepEqual(read(...at.slice(1).map((end, i) => text.slice(at[i], end))), whole);
    }),
  );
  assert.equal(replyText(whole[0]!), '220 mx.example ESMTP');
});

test('what is no reply is refused, and nothing is kept without bound', () => {
  const isRefused = (...pieces: string[]) =>
    assert.throws(
      () => read(...pieces),
      (error) => error instanceof SmtpError && error.code === 'not-smtp',
    );
  isRefused('HTTP/1.1 400 Bad Request\r\n');
  isRefused('250-a\r\n251 b\r\n');
  isRefused('x'.repeat(3000));
  isRefused(`220 ${'x'.repeat(3000)}\r\n`);
  isRefused('250-a\r\n'.repeat(200));
});

test('hostile bytes end in replies or in a refusal, whose text has no control characters', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc.constantFrom('250-', '250 ok', '\r\n', '\n', '220').map((s) => Buffer.from(s)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
      const reader = createReplyReader();
      try {
        for (const bytes of pieces)
          for (const reply of reader(Buffer.from(bytes))) assert.doesNotMatch(replyText(reply), /\p{Cc}/u);
      } catch (error) {
        assert.ok(error instanceof SmtpError);
        assert.doesNotMatch(error.answer, /\p{Cc}/u);
      }
    }),
    { numRuns: Number(process.env['HV_FUZZ'] ?? 1000) },
  );
});
