import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayPolicy, GatewaySight } from '@hypervigil/contract';
import { rulesOf } from '@hypervigil/gateway-rules';
import fc from 'fast-check';
import { dnsDetails, parseDns } from '../src/appliance/detector/dns.ts';
import { tcpPayload, udpPayload } from '../src/appliance/detector/packet.ts';
import { createQuestions, type Question } from '../src/appliance/detector/questions.ts';
import { parseQueued, type QueuedPacket, queueMessages, verdictMessage } from '../src/appliance/nfqueue.ts';
import { createQuestionJudge } from '../src/appliance/questions.ts';

const FUZZ = { numRuns: Number(process.env['HV_FUZZ'] ?? 20_000) };

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
const QUESTION = [
  '1234 0100 0001 0000 0000 0000', // id, recursion desired, one question
  '03 777777 07 6578616d706c65 03 636f6d 00', // www.example.com
  '0001 0001', // A, IN
];
const ANSWER = hex(
  '1234 8180 0001 0003 0000 0000', // an answer, no error, three records
  ...QUESTION.slice(1),
  'c00c 0005 0001 0000003c 0006 03 636f6e c010', // www.example.com CNAME con.example.com
  'c02d 0001 0001 0000003c 0004 c0000201', // A 192.0.2.1
  'c02d 001c 0001 0000003c 0010 20010db8000000000000000000000001', // AAAA 2001:db8::1
);

test('a question and its answer are read', () => {
  const asked = { id: 0x1234, name: 'www.example.com', type: 1 };
  assert.deepEqual(parseDns(hex(...QUESTION)), { ...asked, isAnswer: false, code: 0, answers: [] });
  const answers = ['con.example.com', '192.0.2.1', '2001:db8::1'];
  assert.deepEqual(parseDns(ANSWER), { ...asked, isAnswer: true, code: 0, answers });
  assert.deepEqual(dnsDetails({ type: 1, code: 3, answers }), {
    type: 'A',
    code: 'NXDOMAIN',
    answers: answers.join(' '),
  });
  assert.deepEqual(dnsDetails({ type: 999, code: null, answers: [] }), { type: 'TYPE999' });
});

test('an answer that is cut short gives what is whole; a question that is, nothing', () => {
  assert.deepEqual(parseDns(ANSWER.subarray(0, ANSWER.length - 1))?.answers, ['con.example.com', '192.0.2.1']);
  assert.equal(parseDns(hex(...QUESTION).subarray(0, 30)), undefined);
});

test('names that point to themselves, are too long, or hold what is no letter', () => {
  const head = '1234 0100 0001 0000 0000 0000';
  assert.equal(parseDns(hex(head, 'c00c 0001 0001')), undefined, 'a circle');
  assert.equal(parseDns(hex(head, `3f${'61'.repeat(63)}`.repeat(5), '00 0001 0001')), undefined, '320 bytes');
  assert.equal(parseDns(hex(head, '04 612e0a ff 00 0001 0001'))?.name, 'a\\046\\010\\255');
  assert.equal(parseDns(hex(head, '00 0002 0001'))?.name, '.');
});

test('hostile messages and packets: something within bounds, or nothing', () => {
  const mutated = fc
    .tuple(fc.constantFrom(hex(...QUESTION), ANSWER), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }))
    .map(([bytes, changes]) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 120 }).map(Buffer.from)), (bytes) => {
      const message = parseDns(bytes);
      if (message) assert.ok(message.name.length <= 1024 && message.answers.length <= 16);
      return [udpPayload, tcpPayload].every((read) => (read(bytes)?.length ?? 0) <= bytes.length);
    }),
    FUZZ,
  );
});

test('questions meet their answers; those without one are told after a while, and too many at once, the oldest', () => {
  const told: Question[] = [];
  const questions = createQuestions((question) => told.push(question));
  const client = { protocol: 17, srcIp: '10.0.0.1', dstIp: '10.0.0.53', srcPort: 4000, dstPort: 53 };
  const server = { ...client, srcIp: client.dstIp, dstIp: client.srcIp, srcPort: 53, dstPort: 4000 };
  const asked = { id: 7, isAnswer: false, name: 'example.com', type: 1, code: 0, answers: [] };
  questions.hear(5, client, asked, 100);
  questions.hear(5, client, asked, 150);
  questions.hear(5, client, { ...asked, type: 28 }, 160);
  questions.hear(5, server, { ...asked, name: 'EXAMPLE.com', isAnswer: true, answers: ['192.0.2.1'] }, 200);
  const common = { vlan: 5, tuple: client };
  const answered = { ...common, atMs: 100, name: 'EXAMPLE.com', type: 1, code: 0, answers: ['192.0.2.1'] };
  assert.deepEqual(told, [answered]);
  questions.sweep(5_159);
  assert.equal(told.length, 1);
  questions.sweep(5_160);
  assert.deepEqual(told[1], { ...common, atMs: 160, name: 'example.com', type: 28, code: null, answers: [] });
  for (let id = 0; id < 5_000; id++) questions.hear(5, client, { ...asked, id }, 6_000);
  assert.equal(told.length, 2 + 5_000 - 4_096);
});

// nfgenmsg (bridge, version 0, queue 5), then the packet's number, mark, VLAN and what it carries.
const queued = (packet: Buffer): Buffer => {
  const attributes = hex(
    '07000005 0b000100 00000007 0800 03 00', // family, queue; NFQA_PACKET_HDR: number 7, IPv4, forward
    '08000300 00300064 0c001380 06000200 00640000', // NFQA_MARK; NFQA_VLAN { tci 100 }
  );
  const payload = Buffer.alloc(4 + Math.ceil(packet.length / 4) * 4);
  payload.writeUInt16LE(4 + packet.length, 0);
  payload.writeUInt16LE(10, 2);
  packet.copy(payload, 4);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(16 + attributes.length + payload.length, 0);
  header.writeUInt16LE(0x300, 4);
  return Buffer.concat([header, attributes, payload]);
};
/** From 10.0.0.1 to port 53 of 10.0.0.53. */
const datagram = (data: Buffer): Buffer => {
  const head = hex('4500 0000 00000000 4011 0000 0a000001 0a000035', '0fa0 0035 0000 0000');
  head.writeUInt16BE(head.length + data.length, 2);
  head.writeUInt16BE(8 + data.length, 24);
  return Buffer.concat([head, data]);
};

test('a packet that waits for its verdict is read from what the kernel says, and the verdict is one message', () => {
  const packet = datagram(hex(...QUESTION));
  assert.deepEqual(parseQueued(queued(packet)), { id: 7, mark: 0x00300064, vlan: 100, packet });
  const verdict = '20000000 0103 0100 00000000 00000000 00000005 0c000200 00000001 00000007';
  assert.deepEqual(verdictMessage(5, 7, 'accept'), hex(verdict));
  const settings = queueMessages({ queue: 5, copyBytes: 2048, maxLength: 1024 });
  assert.deepEqual(settings[0], hex('1c000000 0203 0500 01000000 00000000 00000005 08000100 01000000'));
  assert.deepEqual(settings[2], hex('20000000 0203 0500 03000000 00000000 00000005 09000200 00000800 02000000'));
});

const RULE = 100;
function judgeOf(onFailure: 'open' | 'closed') {
  const inspect = { group: 1, onFailure, blocks: { applications: [], names: ['*.example.com'], risks: [] } };
  const rules = rulesOf({ rules: [{ num: RULE, inspect }] } as unknown as Parameters<typeof rulesOf>[0]);
  const policy = { lanes: [{ vlan: 100, network: 9 }] } as unknown as GatewayPolicy;
  const sights: GatewaySight[] = [];
  const firewall = { policy: () => policy, rules: () => rules, ruleOf: () => RULE };
  const ended: (readonly [number, GatewaySight['blocked']])[] = [];
  const mayPass = createQuestionJudge({
    firewall,
    inspection: { end: ({ dstPort }, _, { blocked }) => ended.push([dstPort, blocked]) },
    log: { sight: (one) => sights.push(one) },
  });
  return { mayPass: (packet: Buffer) => mayPass({ id: 1, mark: 1, vlan: 100, packet }), sights, ended };
}

test('a question about a blocked name does not pass, and is told; one about another name, and any answer, does', () => {
  const { mayPass, sights } = judgeOf('open');
  const other = Buffer.from(
    hex(...QUESTION)
      .toString('latin1')
      .replace('example', 'exemple'),
    'latin1',
  );
  const shouted = Buffer.from(
    hex(...QUESTION)
      .toString('latin1')
      .replace('example', 'eXamPLE'),
    'latin1',
  );
  assert.equal(mayPass(datagram(other)), true);
  assert.equal(mayPass(datagram(ANSWER)), true);
  assert.equal(sights.length, 0);
  assert.equal(mayPass(datagram(shouted)), false);
  const { net, dstPort, recognised, deniedBy, blocked } = sights[0]!;
  assert.deepEqual([net, dstPort, recognised.name, deniedBy], [9, 53, 'www.eXamPLE.com', RULE]);
  assert.deepEqual(blocked, { by: 'name', what: '*.example.com' });
});

test('what nobody can read passes by a rule that fails open, and by no other', () => {
  const twice = hex('1234 0100 0002 0000 0000 0000', ...QUESTION.slice(1), ...QUESTION.slice(1));
  for (const data of [twice, hex(...QUESTION).subarray(0, 20), Buffer.alloc(0)]) {
    assert.equal(judgeOf('open').mayPass(datagram(data)), true);
    const { mayPass, sights } = judgeOf('closed');
    assert.equal(mayPass(datagram(data)), false);
    assert.deepEqual([sights[0]?.deniedBy, sights[0]?.blocked], [RULE, null]);
  }
});

/** Likewise, in an established connection; a frame that was short is filled up. */
const segment = (data: Buffer, padding = 0): Buffer => {
  const head = hex('4500 0000 00004000 4006 0000 0a000001 0a000035', '0fa0 0035 00000001 00000001 5018 ffff 0000 0000');
  head.writeUInt16BE(head.length + data.length, 2);
  return Buffer.concat([head, data, Buffer.alloc(padding)]);
};
const behindLength = (...messages: Buffer[]) =>
  Buffer.concat(messages.flatMap((one) => [Buffer.of(one.length >> 8, one.length & 0xff), one]));

test('over TCP every question of a segment is read; a blocked one ends the connection, and what carries nothing passes', () => {
  const asked = hex(...QUESTION);
  const other = Buffer.from(asked.toString('latin1').replace('example', 'exemple'), 'latin1');
  const blocked = { by: 'name', what: '*.example.com' };
  const { mayPass, ended, sights } = judgeOf('open');
  for (const good of [segment(Buffer.alloc(0)), segment(Buffer.alloc(0), 6), segment(behindLength(other, other))])
    assert.equal(mayPass(good), true);
  assert.deepEqual(ended, []);
  assert.equal(mayPass(segment(behindLength(asked))), false);
  assert.equal(mayPass(segment(behindLength(other, asked), 4)), false);
  assert.deepEqual(ended, [
    [53, blocked],
    [53, blocked],
  ]);
  assert.deepEqual(sights, [], 'told with the end of the connection');
  // Cut anywhere, it can no more be read.
  for (const cut of [1, 2, 9, asked.length + 1]) {
    const part = segment(behindLength(asked).subarray(0, cut));
    assert.equal(judgeOf('open').mayPass(part), true);
    const closed = judgeOf('closed');
    assert.deepEqual([closed.mayPass(part), closed.ended], [false, [[53, null]]]);
  }
});

test('hostile packets in the queue: a verdict, and what is told has names within bounds', () => {
  const wholes = [datagram(hex(...QUESTION)), segment(behindLength(hex(...QUESTION)))].map(queued);
  const { mayPass, sights } = judgeOf('closed');
  const length = Math.min(...wholes.map((one) => one.length));
  const changes = fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { maxLength: 8 });
  const bytes = fc.tuple(fc.constantFrom(...wholes), changes).map(([whole, some]) => {
    const copy = Buffer.from(whole);
    for (const [at, value] of some) copy[at] = value;
    return copy;
  });
  fc.assert(
    fc.property(fc.oneof(bytes, fc.uint8Array({ maxLength: 120 }).map(Buffer.from)), (one) => {
      const packet: QueuedPacket | undefined = parseQueued(one);
      if (packet) mayPass(packet.packet);
      const told = sights.pop();
      return told === undefined || (told.recognised.name?.length ?? 0) <= 255;
    }),
    FUZZ,
  );
});
