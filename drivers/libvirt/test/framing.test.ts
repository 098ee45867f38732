import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LibvirtError } from '../src/errors.ts';
import { FrameSplitter } from '../src/rpc/framing.ts';
import { decodePacket, encodeRawPacket } from '../src/rpc/packet.ts';
import { wire } from '../src/testing/wire.ts';
import { FUZZ_RUNS } from './fuzz.ts';

const HEADER = { program: 0x20008086, version: 1, procedure: 59, type: 1, serial: 9, status: 0 };

/** A reply to CONNECT_GET_HOSTNAME, as libvirtd sends it. */
const REPLY = wire(`
  00 00 00 24   # 36 bytes, these four included
  20 00 80 86   # program: remote
  00 00 00 01   # version
  00 00 00 3b   # procedure 59
  00 00 00 01   # type: reply
  00 00 00 09   # serial
  00 00 00 00   # status: ok
  00 00 00 02   # the host name's length
  'h1' 00 00
`);

test('a packet has libvirt’s layout', () => {
  assert.deepEqual(encodeRawPacket(HEADER, REPLY.subarray(28)), REPLY);
  const { header, payload } = decodePacket(REPLY.subarray(4));
  assert.deepEqual(header, HEADER);
  assert.equal(payload.string(10), 'h1');
});

test('packets come out whole however the bytes arrive', () => {
  const packet = fc.uint8Array({ maxLength: 300 }).map((payload) => encodeRawPacket(HEADER, payload));
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 400 })), (packets, cuts) => {
      const splitter = new FrameSplitter();
      const frames: Buffer[] = [];
      let rest = Buffer.concat(packets);
      for (const cut of cuts) {
        frames.push(...splitter.push(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      frames.push(...splitter.push(rest));
      assert.deepEqual(
        frames,
        packets.map((bytes) => bytes.subarray(4)),
      );
    }),
    { numRuns: 1000 },
  );
});

test('a packet that comes octet by octet, each in the same memory, comes out whole', () => {
  const payload = Buffer.from(Array.from({ length: 5000 }, (_, index) => index & 0xff));
  const packet = encodeRawPacket(HEADER, payload);
  const splitter = new FrameSplitter();
  const memory = Buffer.alloc(1);
  const frames = [...packet].flatMap((octet) => splitter.push(memory.fill(octet)));
  assert.deepEqual(frames, [packet.subarray(4)]);
});

test('a length that no packet has ends it at once', () => {
  for (const length of ['00 00 00 00', '00 00 00 1b', '02 00 00 05', 'ff ff ff ff'])
    assert.throws(() => new FrameSplitter().push(wire(length)), { code: 'bad-message' });
  assert.deepEqual(new FrameSplitter().push(wire('02 00 00 04')), []);
});

test('random bytes never cost more than a typed error', () => {
  const chunks = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(REPLY)), { maxLength: 8 });
  fc.assert(
    fc.property(chunks, (pieces) => {
      const splitter = new FrameSplitter();
      try {
        for (const piece of pieces) for (const frame of splitter.push(Buffer.from(piece))) decodePacket(frame);
      } catch (error) {
        assert.ok(error instanceof LibvirtError, String(error));
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});
