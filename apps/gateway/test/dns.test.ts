import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dnsDetails, parseDns } from '../src/appliance/detector/dns.ts';
import { udpPayload } from '../src/appliance/detector/packet.ts';
import { createQuestions, type Question } from '../src/appliance/detector/questions.ts';

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
      return (udpPayload(bytes)?.length ?? 0) <= bytes.length;
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
