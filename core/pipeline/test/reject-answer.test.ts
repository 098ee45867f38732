import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rejectAnswer } from '../src/index.ts';
import { checksum } from '../src/reject-answer.ts';
import { BROADCAST, ethernet, TCP, tcp, udp, unreachable } from './ethernet.ts';

const [MAC_A, MAC_B] = ['52:54:00:00:00:01', '52:54:00:00:00:02'];
const [A, B] = ['10.0.0.1', '10.0.0.2'];
const asked = (packet: Buffer, dst = MAC_B) => ethernet(dst, MAC_A, 'ipv4', packet);
const answer = (packet: Buffer, dst = MAC_B) => rejectAnswer(asked(packet, dst));

/** An IPv6 packet from fd00::1 to fd00::2. */
function ipv6(next: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(40);
  head.writeUInt8(0x60, 0);
  head.writeUInt16BE(payload.length, 4);
  head.writeUInt8(next, 6);
  for (const [at, last] of [
    [8, 1],
    [24, 2],
  ] as const) {
    head.writeUInt8(0xfd, at);
    head.writeUInt8(last, at + 15);
  }
  return Buffer.concat([Buffer.from(`525400000002${'525400000001'}86dd`, 'hex'), head, payload]);
}

/** Both checksums of an IPv4 answer, or the one of an IPv6 answer, are right. */
function assertChecksums(frame: Buffer): void {
  const packet = frame.subarray(14);
  const six = packet.readUInt8(0) >> 4 === 6;
  const protocol = packet.readUInt8(six ? 6 : 9);
  const payload = packet.subarray(six ? 40 : 20);
  if (!six) assert.equal(checksum(packet.subarray(0, 20)), 0);
  const pseudo = Buffer.concat([packet.subarray(six ? 8 : 12, six ? 40 : 20), Buffer.alloc(8)]);
  pseudo.writeUInt32BE(payload.length, pseudo.length - 8);
  pseudo.writeUInt8(protocol, pseudo.length - 1);
  assert.equal(protocol === 1 ? checksum(payload) : checksum(pseudo, payload), 0);
}

test('a SYN is answered with a reset that acknowledges it, byte for byte', () => {
  const frame = answer(tcp(A, B, 40000, 80, TCP.syn, 1000))!;
  assertChecksums(frame);
  assert.equal(
    frame.toString('hex').replace(/(.{28})(.{40})(.*)/, '$1 $2 $3'),
    [
      '525400000001525400000002' + '0800', // to the sender, from whom it asked
      '45000028000040004006' + '26ce' + '0a0000020a000001', // 40 bytes, not to be fragmented, TCP
      '00509c40' + '00000000' + '000003e9' + '5014' + '0000' + 'fb54' + '0000', // sequence 0, acknowledges 1001, RST ACK
    ].join(' '),
  );
});

test('what acknowledges is answered with a reset at the place that it acknowledges', () => {
  const frame = answer(tcp(A, B, 40000, 80, TCP.ack, 1000, 77))!;
  assertChecksums(frame);
  const segment = frame.subarray(34);
  assert.deepEqual([segment.readUInt32BE(4), segment.readUInt32BE(8), segment.readUInt8(13)], [77, 0, 4]);
});

test('all else is told that it is prohibited, with the beginning of what it sent', () => {
  const packet = udp(A, B, 4000, 53);
  const frame = answer(packet)!;
  assertChecksums(frame);
  assert.deepEqual([frame.readUInt8(23), frame.readUInt8(34), frame.readUInt8(35)], [1, 3, 13]);
  assert.deepEqual(frame.subarray(42), packet.subarray(0, 28));
  const six = ipv6(17, Buffer.from('0fa00035000c0000deadbeef', 'hex'));
  const told = rejectAnswer(six)!;
  assertChecksums(told);
  assert.deepEqual([told.readUInt8(20), told.readUInt8(54), told.readUInt8(55)], [58, 1, 1]);
  assert.deepEqual(told.subarray(62), six.subarray(14));
});

test('IPv6 behind extension headers is found, and a fragment is not answered', () => {
  const segment = tcp(A, B, 1, 2, TCP.syn).subarray(20);
  const behind = (first: number, ...headers: string[]) =>
    rejectAnswer(ipv6(first, Buffer.concat([Buffer.from(headers.join(''), 'hex'), segment])));
  const reset = behind(60, '0601000000000000' + '0000000000000000')!;
  assertChecksums(reset);
  assert.equal(reset.readUInt8(20), 6);
  assert.equal(behind(44, '0600000000000001'), undefined);
});

test('nobody else than one sender is answered, and no error and no reset', () => {
  const syn = tcp(A, B, 1, 2, TCP.syn);
  const fragment = Buffer.from(syn);
  fragment.writeUInt16BE(0x2000, 6);
  for (const one of [tcp(A, B, 1, 2, 4), unreachable(A, B, syn), fragment, tcp('224.0.0.1', B, 1, 2, TCP.syn)])
    assert.equal(answer(one), undefined);
  for (const dst of ['224.0.0.1', '255.255.255.255', '127.0.0.1', '0.0.0.0'])
    assert.equal(answer(tcp(A, dst, 1, 2, TCP.syn)), undefined);
  assert.equal(answer(syn, BROADCAST), undefined);
  assert.equal(rejectAnswer(ethernet(MAC_B, MAC_A, 'arp', Buffer.alloc(28))), undefined);
});

test('whatever a guest sends: no crash, right checksums, back to the sender, and no longer than by its headers', () => {
  const noise = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes));
  const base = fc.constantFrom(
    asked(tcp(A, B, 1, 2, TCP.syn)),
    asked(udp(A, B, 1, 2)),
    ipv6(58, Buffer.from('8000000000010001', 'hex')),
    ipv6(60, Buffer.alloc(64)),
  );
  const mangled = fc
    .tuple(base, fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 6 }), fc.nat(80))
    .map(([frame, changes, cut]) => {
      const copy = Buffer.from(frame);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy.subarray(0, copy.length - Math.min(cut, copy.length));
    });
  fc.assert(
    fc.property(fc.oneof(noise, mangled), (frame) => {
      const told = rejectAnswer(frame);
      if (!told) return;
      assertChecksums(told);
      assert.deepEqual(told.subarray(0, 6), frame.subarray(6, 12));
      assert.ok(told.length <= frame.length + 48);
      const [src, dst, width] = told.readUInt8(14) >> 4 === 6 ? [22, 38, 16] : [26, 30, 4];
      assert.deepEqual(told.subarray(dst, dst + width), frame.subarray(src, src + width));
      // An answer is never answered with an error or a reset again.
      assert.equal(rejectAnswer(told), undefined);
    }),
    { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) },
  );
});
