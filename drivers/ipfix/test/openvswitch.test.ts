import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIpfixDecoder } from '../src/index.ts';
import { decodeAll, openVswitchMessages } from './samples.ts';

test('flows of Open vSwitch 3.1: addresses, ports, ICMP, VLAN, counters and the rule that decided', () => {
  const flows = decodeAll(openVswitchMessages()).map((r) =>
    [
      `${r.domain}/${r.pointId}`,
      `${r.srcAddr}:${r.srcPort} > ${r.dstAddr}:${r.dstPort}`,
      `proto ${r.protocol} icmp ${r.icmpType}/${r.icmpCode} vlan ${r.vlan}`,
      `${r.packets} packets ${r.bytes} bytes ${r.layer2Bytes} on the wire`,
    ].join(' | '),
  );
  assert.deepEqual(flows, [
    '1/42 | 10.0.0.1:40000 > 10.0.0.2:80 | proto 6 icmp -1/-1 vlan 0 | 3 packets 120 bytes 162 on the wire',
    '1/42 | 10.0.0.2:80 > 10.0.0.1:40000 | proto 6 icmp -1/-1 vlan 0 | 3 packets 120 bytes 162 on the wire',
    '2/99 | 10.0.0.1:40001 > 10.0.0.2:22 | proto 6 icmp -1/-1 vlan 0 | 1 packets 40 bytes 54 on the wire',
    '1/42 | 10.0.0.1:5353 > 10.0.0.2:53 | proto 17 icmp -1/-1 vlan 0 | 1 packets 92 bytes 106 on the wire',
    '1/42 | 10.0.0.1:0 > 10.0.0.2:0 | proto 1 icmp 8/0 vlan 0 | 1 packets 92 bytes 106 on the wire',
    '1/42 | fd00::1:0 > fd00::2:0 | proto 58 icmp 128/0 vlan 0 | 1 packets 112 bytes 126 on the wire',
    '1/42 | fd00::1:40002 > fd00::2:443 | proto 6 icmp -1/-1 vlan 0 | 1 packets 60 bytes 74 on the wire',
    '1/42 | 10.0.1.1:1000 > 10.0.1.2:2000 | proto 17 icmp -1/-1 vlan 10 | 1 packets 92 bytes 110 on the wire',
    '1/42 | :0 > :0 | proto 0 icmp -1/-1 vlan 0 | 1 packets 42 bytes 42 on the wire',
  ]);
});

test('MAC addresses, times and the kind of frame', () => {
  const flows = decodeAll(openVswitchMessages());
  const first = flows[0]!;
  assert.equal(first.srcMac, '52:54:00:00:00:01');
  assert.equal(first.dstMac, '52:54:00:00:00:02');
  assert.equal(first.ipVersion, 4);
  assert.equal(new Date(first.startMs).toISOString(), '2026-11-21T21:30:54.209Z');
  assert.equal(first.endMs - first.startMs, 10);
  const arp = flows.at(-1)!;
  assert.equal(arp.etherType, 0x0806);
  assert.equal(arp.ipVersion, 0);
});

test('its templates come in one domain and serve all; its one sequence over all domains shows no gap', () => {
  const decoder = createIpfixDecoder();
  decodeAll(openVswitchMessages(), decoder);
  const { setsWithoutTemplate, lost, sequenceResets, records, optionsRecords } = decoder.stats;
  assert.deepEqual(
    { setsWithoutTemplate, lost, sequenceResets, records, optionsRecords },
    { setsWithoutTemplate: 0, lost: 0, sequenceResets: 0, records: 9, optionsRecords: 1 },
  );
});

test('a message that is missing is counted', () => {
  const decoder = createIpfixDecoder();
  const messages = openVswitchMessages();
  decodeAll(messages.toSpliced(22, 1), decoder);
  assert.equal(decoder.stats.lost, 1);
});
