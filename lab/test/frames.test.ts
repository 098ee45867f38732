import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkLocalOf } from '../attacks/rogue-ra.ts';
import {
  arpReplyFrame,
  internetChecksum,
  ipBytes,
  neighbourAdvertisementFrame,
  routerAdvertisementFrame,
  udpFrame,
} from '../src/frames.ts';

const link = { from: '52:54:00:00:00:01', to: '52:54:00:00:00:02' };
const sumOf = (bytes: Uint8Array) => internetChecksum(bytes);

test('addresses become bytes', () => {
  assert.equal(ipBytes('10.77.0.11').toString('hex'), '0a4d000b');
  assert.equal(ipBytes('fd77::11').toString('hex'), 'fd770000000000000000000000000011');
  assert.equal(ipBytes('::').toString('hex'), '00'.repeat(16));
  assert.equal(ipBytes('1:2:3:4:5:6:7:8').toString('hex'), '00010002000300040005000600070008');
  assert.equal(linkLocalOf('52:54:00:17:2d:d4'), 'fe80::5054:ff:fe17:2dd4');
});

test('the checksum is that of RFC 1071, section 3', () => {
  assert.equal(internetChecksum(Buffer.from('0001f203f4f5f6f7', 'hex')), 0x220d);
});

test('a UDP packet over IPv4 is whole: its header and its segment sum to zero', () => {
  const frame = udpFrame(link, { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 1, targetPort: 2, data: 'hello' });
  assert.equal(frame.readUInt16BE(12), 0x0800);
  assert.equal(frame.length, 60);
  const packet = frame.subarray(14, 14 + frame.readUInt16BE(16));
  assert.equal(sumOf(packet.subarray(0, 20)), 0);
  const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.from([0, 17, 0, packet.length - 20])]);
  assert.equal(sumOf(Buffer.concat([pseudo, packet.subarray(20)])), 0);
});

test('a tag stands before the type', () => {
  const frame = udpFrame(
    { ...link, vlan: 200 },
    { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 1, targetPort: 2, data: '' },
  );
  assert.equal(frame.subarray(12, 18).toString('hex'), '810000c80800');
});

test('neighbour discovery has hop limit 255 and a checksum over the pseudo-header', () => {
  const claim = { address: 'fd77::13', mac: link.from };
  for (const frame of [
    neighbourAdvertisementFrame(link, claim, 'fd77::11'),
    routerAdvertisementFrame(link, 'fe80::1', 'fd66::'),
  ]) {
    assert.equal(frame[14 + 7], 255);
    const length = frame.readUInt16BE(18);
    const body = frame.subarray(54, 54 + length);
    assert.equal(body.length, length);
    const pseudo = Buffer.concat([frame.subarray(22, 54), Buffer.from([0, 0, 0, length, 0, 0, 0, 58])]);
    assert.equal(sumOf(Buffer.concat([pseudo, body])), 0);
  }
});

test('an ARP reply claims an address for a hardware address', () => {
  const frame = arpReplyFrame(link, { address: '10.0.0.9', mac: link.from }, { address: '10.0.0.2', mac: link.to });
  assert.equal(
    frame.subarray(12, 42).toString('hex'),
    '08060001080006040002525400000001' + '0a000009' + '525400000002' + '0a000002',
  );
});
