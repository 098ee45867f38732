import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSflowDecoder } from '../src/index.ts';
import { openVswitchDatagrams } from './samples.ts';

test('Open vSwitch 3.1: a packet each of TCP in a VLAN, UDP, ICMP and TCP over IPv6; ARP and counters are skipped', () => {
  const decoder = createSflowDecoder();
  const seen: string[] = [];
  for (const datagram of openVswitchDatagrams())
    decoder.decode(datagram, 'x', ({ packet: p, rate }) =>
      seen.push(
        [
          `${p.srcIp}:${p.srcPort} > ${p.dstIp}:${p.dstPort} proto ${p.protocol} icmp ${p.icmpType}/${p.icmpCode}`,
          `flags ${p.tcpFlags} vlan ${p.vlan} ${p.bytes} bytes 1 in ${rate}`,
        ].join(' | '),
      ),
    );
  assert.deepEqual(seen, [
    '10.0.0.1:40000 > 10.0.0.2:443 proto 6 icmp null/null | flags 2 vlan 101 100 bytes 1 in 1',
    '10.0.0.1:5353 > 10.0.0.2:53 proto 17 icmp null/null | flags 0 vlan 0 100 bytes 1 in 1',
    '10.0.0.1:0 > 10.0.0.2:0 proto 1 icmp 8/0 | flags 0 vlan 0 100 bytes 1 in 1',
    'fd00::1:40001 > fd00::2:22 proto 6 icmp null/null | flags 18 vlan 0 120 bytes 1 in 1',
  ]);
  const { lost, sequenceResets, malformed, otherSamples, unreadPackets } = decoder.stats;
  assert.deepEqual([lost, sequenceResets, unreadPackets], [0, 0, 1]);
  assert.ok(otherSamples > 0, 'counters come, too');
  assert.equal(
    Object.values(malformed).every((count) => count === 0),
    true,
  );
});

test('its MAC addresses, and a datagram that is missing', () => {
  const decoder = createSflowDecoder();
  const macs = new Set<string | null>();
  const datagrams = openVswitchDatagrams();
  for (const datagram of datagrams.toSpliced(1, 1))
    decoder.decode(datagram, 'x', ({ packet }) => macs.add(packet.srcMac).add(packet.dstMac));
  assert.deepEqual([...macs], ['52:54:00:00:00:01', '52:54:00:00:00:02']);
  assert.equal(decoder.stats.lost, 1);
});
