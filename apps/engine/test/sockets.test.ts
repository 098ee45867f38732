import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeSockets } from '../src/host-firewall/sockets.ts';

/** As Linux 6.18 prints them on a little-endian machine. */
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4571 1 ff 100 0 0 10 0
   1: 0100A8C0:0016 0700000A:C350 01 00000000:00000000 02:000A7D5C 00000000     0        0 4600 2 ff 20 4 30 10 -1
   2: 0100007F:1F90 00000000:0000 06 00000000:00000000 03:00001770 00000000     0        0 0 3 ff`;
const TCP6 = `   0: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 ff
   1: 0000000000000000FFFF00000100A8C0:0016 0000000000000000FFFF00000700000A:C350 01 00000000:00000000 02:00 00000000     0        0 78 1 ff
   2: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 79 1 ff`;
const UDP = `   42: 00000000:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 99 2 ff 0`;

test('addresses, ports, states and inodes are read', () => {
  const brief = (protocol: 'tcp' | 'udp', text: string) =>
    decodeSockets(protocol, text).map(({ address, port, peer, state, inode }) => [address, port, peer, state, inode]);
  assert.deepEqual(brief('tcp', TCP), [
    ['0.0.0.0', 22, '0.0.0.0', 'listening', '4571'],
    ['192.168.0.1', 22, '10.0.0.7', 'established', '4600'],
    ['127.0.0.1', 8080, '0.0.0.0', 'other', '0'],
  ]);
  assert.deepEqual(brief('tcp', TCP6), [
    ['::1', 631, '::', 'listening', '77'],
    ['192.168.0.1', 22, '10.0.0.7', 'established', '78'],
    ['2001:db8::1', 80, '::', 'listening', '79'],
  ]);
  assert.deepEqual(brief('udp', UDP), [['0.0.0.0', 68, '0.0.0.0', 'listening', '99']]);
});

test('lines of any other form are left out', () => {
  fc.assert(
    fc.property(fc.nat(TCP6.length - 1), fc.string({ maxLength: 4 }), (at, text) => {
      decodeSockets('tcp', TCP6.slice(0, at) + text + TCP6.slice(at + 1));
    }),
    { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) },
  );
});
