import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameDecoder, encodeFrame, GatewayLinkError, HEADER_BYTES } from '../src/index.ts';

const FUZZ = Number(process.env['HV_FUZZ'] ?? 20_000);
const MAX = 4096;

function decode(chunks: readonly Uint8Array[], maxBytes = MAX) {
  const frames: string[] = [];
  let skipped = 0;
  const decoder = createFrameDecoder(maxBytes, {
    onFrame: (payload) => frames.push(payload.toString('latin1')),
    onSkipped: (bytes) => {
      skipped += bytes;
    },
  });
  for (const chunk of chunks) decoder.push(chunk);
  return { frames, skipped, decoder };
}

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((p) => p % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

test('a frame has a magic, the length and the checksum of its payload', () => {
  const frame = encodeFrame(Buffer.from('123456789'), MAX);
  // The check value of this CRC (CRC-32/ISO-HDLC) is cbf43926.
  assert.equal(frame.toString('hex'), '48564731' + '00000009' + 'cbf43926' + '313233343536373839');
  assert.throws(
    () => encodeFrame(Buffer.alloc(MAX + 1), MAX),
    (error) => error instanceof GatewayLinkError && error.code === 'too-large',
  );
});

test('frames come out as they went in, however they are cut, with rubbish between them', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const world = fc.record({
    parts: fc.array(fc.record({ rubbish: bytes, payload: bytes }), { maxLength: 6 }),
    places: fc.array(fc.nat(), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(world, ({ parts, places }) => {
      const rubbish = parts.map((p) => Buffer.from(p.rubbish));
      const stream = Buffer.concat(parts.flatMap((p, i) => [rubbish[i]!, encodeFrame(p.payload, MAX)]));
      const { frames, skipped } = decode(cut(stream, places));
      assert.deepEqual(
        frames,
        parts.map((p) => Buffer.from(p.payload).toString('latin1')),
      );
      assert.equal(skipped, Buffer.concat(rubbish).length);
    }),
  );
});

test('who connects in the middle of a frame meets the next one', () => {
  const [first, second] = [encodeFrame(Buffer.from('first'), MAX), encodeFrame(Buffer.from('second'), MAX)];
  for (let from = 1; from < first.length; from++)
    assert.deepEqual(decode([first.subarray(from), second]).frames, ['second']);
  const { frames, decoder } = decode([first.subarray(0, 14)]);
  decoder.reset();
  decoder.push(second);
  assert.deepEqual(frames, ['second'], 'after a reset nothing waits for the rest of the first');
});

test('a header that promises more than may be is no header; nothing is held for it', () => {
  const liar = Buffer.concat([Buffer.from('HVG1'), Buffer.from('ffffffff00000000', 'hex')]);
  const { frames, skipped } = decode([liar, encodeFrame(Buffer.from('x'), MAX)]);
  assert.deepEqual(frames, ['x']);
  assert.equal(skipped, liar.length);
});

test('hostile bytes: no failure, and never more held than one frame', () => {
  let held = 0;
  const decoder = createFrameDecoder(64, {
    onFrame: (payload) => {
      held -= payload.length + HEADER_BYTES;
    },
    onSkipped: (bytes) => {
      held -= bytes;
    },
  });
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.constantFrom(Buffer.from('HVG1'), Buffer.from('HV'), Buffer.from('4856473100000040', 'hex')),
    fc.uint8Array({ maxLength: 64 }).map((payload) => encodeFrame(payload, 64)),
  );
  fc.assert(
    fc.property(piece, (bytes) => {
      held += bytes.length;
      decoder.push(bytes);
      assert.ok(held < 64 + HEADER_BYTES, `${held} bytes are held`);
    }),
    { numRuns: FUZZ },
  );
});
