import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIpfixDecoder, type FlowRecord } from '../src/index.ts';
import { decodeAll, openVswitchNetflow5, softflowdMessages } from './samples.ts';

const ends = (r: FlowRecord) => `${r.srcAddr}:${r.srcPort} > ${r.dstAddr}:${portOf(r)} proto ${r.protocol}`;
/** As NetFlow v5 tells of ICMP, which the others have fields for. */
const portOf = (r: FlowRecord) => (r.icmpType > 0 ? r.icmpType * 256 + r.icmpCode : r.dstPort);

test('NetFlow v5 of Open vSwitch: ends, counters, flags, interfaces and times', () => {
  const flows = decodeAll(openVswitchNetflow5());
  assert.deepEqual(
    flows.map(
      (r) =>
        `${ends(r)} | ${r.packets} packets ${r.bytes} bytes flags ${r.tcpFlags} | ${r.ingressInterface} > ${r.egressInterface}`,
    ),
    [
      '10.0.0.1:5353 > 10.0.0.2:53 proto 17 | 1 packets 106 bytes flags 0 | 1 > 2',
      '10.0.0.1:0 > 10.0.0.2:2048 proto 1 | 1 packets 106 bytes flags 0 | 1 > 2',
      '10.0.0.1:40000 > 10.0.0.2:443 proto 6 | 2 packets 172 bytes flags 26 | 1 > 2',
    ],
  );
  const [first] = flows;
  assert.equal(first?.domain, 3 * 256 + 7);
  // It told at 21:47:01.527, 2005 ms after it began, of what it saw 50 ms after it began.
  assert.equal(new Date(first.startMs).toISOString(), '2026-11-22T21:46:59.572Z');
  assert.deepEqual([first.ipVersion, first.icmpType], [4, -1]);
});

test('softflowd tells the same of the same packets in NetFlow v5, NetFlow v9 and IPFIX', () => {
  const [v5, v9, ipfix] = softflowdMessages().map((message) => decodeAll([message]));
  const told = (flows: readonly FlowRecord[] = []) =>
    flows.map((r) => `${ends(r)} | ${r.packets} packets ${r.bytes} bytes flags ${r.tcpFlags}`).sort();
  assert.equal(v5?.length, 5);
  assert.ok(told(v5).includes('10.0.0.1:40000 > 10.0.0.2:443 proto 6 | 3 packets 220 bytes flags 27'));
  assert.deepEqual(told(v9), told(v5));
  assert.deepEqual(told(ipfix), told(v5));
  // Its IPFIX does not say in its records when it began.
  const lasting = (flows: readonly FlowRecord[] = []) => flows.map((r) => r.endMs - r.startMs).sort();
  assert.deepEqual(lasting(v5), [0, 10, 10, 40, 40]);
  assert.deepEqual(lasting(v9), lasting(v5));
});

test('what is missing between two messages is counted by flows, and each engine counts for itself', () => {
  const decoder = createIpfixDecoder();
  const [message] = openVswitchNetflow5();
  const numbered = (sequence: number, engine = 7) => {
    const copy = Buffer.from(message!);
    copy.writeUInt32BE(sequence, 16);
    copy.writeUInt8(engine, 21);
    return copy;
  };
  decodeAll([numbered(0), numbered(3), numbered(10), numbered(500, 8), numbered(13)], decoder);
  assert.equal(decoder.stats.lost, 4);
  assert.equal(decoder.stats.records, 15);
});

test('a message that tells of more records than it has, or ends in its header, is left out', () => {
  const decoder = createIpfixDecoder();
  const [message] = openVswitchNetflow5();
  const absurd = Buffer.from(message!);
  absurd.writeUInt16BE(0xffff, 2);
  assert.deepEqual(decodeAll([absurd, message!.subarray(0, 23), message!.subarray(0, 150)], decoder), []);
  assert.deepEqual([decoder.stats.malformed['message-length'], decoder.stats.malformed.short], [2, 1]);
});
