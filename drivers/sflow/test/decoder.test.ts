import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSflowDecoder, type PacketSample, type SflowDecoder } from '../src/index.ts';
import { datagram, expandedFlowSample, flowSample, labelled, sampledHeader, xdr } from '../src/testing/encode.ts';
import {
  ARP,
  ENDLESS_EXTENSIONS,
  IPV4_ALONE,
  LATER_FRAGMENT,
  NO_LENGTH,
  PING,
  TAGGED,
  TCP_OVER_IPV4,
  TWICE_TAGGED,
  UDP_BEHIND_EXTENSIONS,
} from './frames.ts';

function decode(bytes: Uint8Array, decoder: SflowDecoder = createSflowDecoder()): PacketSample[] {
  const samples: PacketSample[] = [];
  decoder.decode(bytes, '192.0.2.1:40000', (sample) => samples.push(sample));
  return samples;
}

const packetOf = (header: Uint8Array, protocol?: number) =>
  decode(datagram({ samples: [flowSample(400, sampledHeader(header, protocol))] }))[0]?.packet;

const TCP_PACKET = {
  ...{ ipVersion: 4, protocol: 6, srcIp: '10.0.0.1', dstIp: '10.0.0.2', srcPort: 40_000, dstPort: 443, tcpFlags: 0x12 },
  ...{ icmpType: null, icmpCode: null, bytes: 100 },
  ...{ srcMac: '52:54:00:00:00:02', dstMac: '52:54:00:00:00:01', vlan: 0 },
};

test('a sampled header tells of its packet, and how many it stands for, in both forms of a sample', () => {
  const record = sampledHeader(TCP_OVER_IPV4);
  const both = [flowSample(400, record), expandedFlowSample(1024, record)];
  assert.deepEqual(decode(datagram({ samples: both })), [
    { packet: TCP_PACKET, rate: 400 },
    { packet: TCP_PACKET, rate: 1024 },
  ]);
});

test('an agent that does not know its rate has picked one packet', () => {
  const [sample] = decode(datagram({ samples: [flowSample(0, sampledHeader(TCP_OVER_IPV4))] }));
  assert.equal(sample?.rate, 1);
});

test('the VLAN is that of the outermost tag, or the one with which the switch took it in', () => {
  assert.equal(packetOf(TAGGED)?.vlan, 101);
  assert.equal(packetOf(TWICE_TAGGED)?.vlan, 101);
  const extended = labelled(1001, 300, 0, 301, 0);
  const untagged = flowSample(1, extended, sampledHeader(TCP_OVER_IPV4));
  const tagged = flowSample(1, sampledHeader(TAGGED), extended);
  assert.deepEqual(
    decode(datagram({ samples: [untagged, tagged] })).map(({ packet }) => packet.vlan),
    [300, 101],
  );
});

test('IPv6 is read behind its extension headers, and no further than eight of them', () => {
  const packet = packetOf(UDP_BEHIND_EXTENSIONS);
  assert.deepEqual(
    [packet?.srcIp, packet?.dstIp, packet?.protocol, packet?.srcPort, packet?.dstPort, packet?.bytes],
    ['fd00::1', 'fd00::2', 17, 5353, 53, 104],
  );
  assert.equal(packetOf(ENDLESS_EXTENSIONS)?.srcPort, 0);
});

test('ICMP has type and code, a later fragment no ports, IP may come without Ethernet', () => {
  assert.deepEqual([packetOf(PING)?.icmpType, packetOf(PING)?.icmpCode, packetOf(PING)?.dstPort], [8, 0, 0]);
  assert.deepEqual([packetOf(LATER_FRAGMENT)?.srcPort, packetOf(LATER_FRAGMENT)?.tcpFlags], [0, 0]);
  assert.deepEqual(packetOf(IPV4_ALONE, 11), { ...TCP_PACKET, srcMac: null, dstMac: null });
});

test('a packet without a length of its own is as long as its frame', () => {
  const [sample] = decode(datagram({ samples: [flowSample(1, sampledHeader(NO_LENGTH, 1, 1518))] }));
  assert.equal(sample?.packet.bytes, 1518);
});

test('an agent without headers says what it knows of the packet', () => {
  const macs = Buffer.from('525400000002 0000 525400000001 0000'.replaceAll(' ', ''), 'hex');
  const ethernet = labelled(2, 118, macs, 0x0800);
  const ipv4 = labelled(3, 100, 6, Buffer.from('0a0000010a000002', 'hex'), 40_000, 443, 0x12, 0);
  const [sample] = decode(datagram({ samples: [flowSample(10, ethernet, ipv4)] }));
  assert.deepEqual(sample?.packet, TCP_PACKET);
  const six = Buffer.from(`fd00${'0'.repeat(27)}1fd00${'0'.repeat(27)}2`, 'hex');
  const ipv6 = labelled(4, 1280, 17, six, 5353, 53, 0, 0);
  const [other] = decode(datagram({ samples: [flowSample(10, ipv6)] }));
  assert.deepEqual([other?.packet.srcIp, other?.packet.bytes, other?.packet.srcMac], ['fd00::1', 1280, null]);
});

test('counters, samples of other enterprises and what is not IP are skipped, and counted', () => {
  const decoder = createSflowDecoder();
  const counters = labelled(2, 1, 3, 0);
  const foreign = labelled((8800 << 12) | 1, 1, 2, 3);
  const arp = flowSample(1, sampledHeader(ARP));
  const unknownHeader = flowSample(1, sampledHeader(TCP_OVER_IPV4, 13));
  const last = flowSample(1, labelled(1003, 1, 2, 3), sampledHeader(TCP_OVER_IPV4));
  assert.equal(decode(datagram({ samples: [counters, foreign, arp, unknownHeader, last] }), decoder).length, 1);
  const { samples, otherSamples, unreadPackets } = decoder.stats;
  assert.deepEqual([samples, otherSamples, unreadPackets], [1, 2, 2]);
});

test('missing datagrams are counted for each sub-agent of each agent, what goes backwards apart', () => {
  const decoder = createSflowDecoder();
  const other = Buffer.from(`fd00${'0'.repeat(27)}9`, 'hex');
  const come = (sequence: number, more: { subAgent?: number; agent?: Uint8Array } = {}) =>
    decode(datagram({ sequence, samples: [], ...more }), decoder);
  for (const sequence of [1, 2, 5]) come(sequence);
  come(900, { subAgent: 1 });
  come(70, { agent: other });
  come(72, { agent: other });
  come(6);
  assert.deepEqual([decoder.stats.lost, decoder.stats.sequenceResets], [3, 0]);
  come(1);
  come(0xffff_ffff, { subAgent: 2 });
  come(0, { subAgent: 2 });
  assert.deepEqual([decoder.stats.lost, decoder.stats.sequenceResets], [3, 1]);
});

test('an agent may have no address to tell', () => {
  const decoder = createSflowDecoder();
  const record = flowSample(1, sampledHeader(TCP_OVER_IPV4));
  assert.equal(decode(xdr(5, 0, 0, 1, 60_000, 1, record), decoder).length, 1);
});
