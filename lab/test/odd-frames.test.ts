import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ethernetFrame, internetChecksum, ipBytes, ipv4Packet, ipv6Packet } from '../src/frames.ts';
import { behindHeaders, tcpSegment } from '../src/odd-frames.ts';

const ends = { source: '10.0.0.1', target: '10.0.0.2' };

test('a TCP segment has the flags it was given, and a checksum over the pseudo-header', () => {
  const segment = tcpSegment({ ...ends, sourcePort: 1, targetPort: 2, flags: ['syn', 'fin'], data: 'odd' });
  assert.equal(segment.readUInt16BE(12), 0x5003);
  const pseudo = Buffer.concat([ipBytes(ends.source), ipBytes(ends.target), Buffer.from([0, 6, 0, segment.length])]);
  assert.equal(internetChecksum(Buffer.concat([pseudo, segment, Buffer.alloc(segment.length % 2)])), 0);
});

test('a fragment says which part of which packet it is', () => {
  const later = ipv4Packet(ends, 17, Buffer.alloc(8), 0x2000 | 1);
  assert.equal(later.readUInt16BE(6), 0x2001);
  assert.notEqual(later.readUInt16BE(4), 0);
  assert.equal(internetChecksum(later.subarray(0, 20)), 0);
});

test('extension headers name what follows them, the last one the payload', () => {
  const { first, bytes } = behindHeaders(['hopByHop', 'destinationOptions'], 17, Buffer.from('payload'));
  assert.equal(first, 0);
  assert.equal(bytes.toString('hex'), `3c00010400000000${'1100010400000000'}${Buffer.from('payload').toString('hex')}`);
  const packet = ipv6Packet({ source: 'fd77::1', target: 'fd77::2' }, first, bytes);
  assert.deepEqual([packet.readUInt16BE(4), packet[6]], [bytes.length, 0]);
});

test('a length stands where a type would', () => {
  const frame = ethernetFrame({ from: '52:54:00:00:00:01', to: '52:54:00:00:00:02' }, 46, Buffer.alloc(46));
  assert.equal(frame.readUInt16BE(12), 46);
  assert.equal(frame.length, 60);
});
