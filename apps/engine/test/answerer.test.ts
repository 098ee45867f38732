import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TABLES } from '@hypervigil/pipeline';
import { createAnswerer } from '../src/reject/answerer.ts';

/** A UDP packet from 10.0.0.1 to 10.0.0.2. */
const FRAME = Buffer.from(
  '5254000000025254000000010800' + '4500001c00000000401166cf0a0000010a000002' + '0fa0003500080000',
  'hex',
);

suite('answers to what a rule rejects', () => {
  const packet = (port: number, table: number = TABLES.reject) => ({ table, port, frame: FRAME });

  test('only what the table of rejected packets hands over is answered', () => {
    const answer = createAnswerer(() => 0);
    assert.equal(answer(packet(7, 0)), undefined);
    assert.ok(answer(packet(7)));
  });

  test('a port that floods is answered so often and no more, and takes nothing from another', () => {
    let now = 0;
    const answer = createAnswerer(() => now);
    const answered = (port: number, times: number) =>
      Array.from({ length: times }, () => answer(packet(port))).filter(Boolean).length;
    assert.equal(answered(7, 100_000), 50);
    assert.equal(answered(8, 10), 10);
    now += 100;
    assert.equal(answered(7, 100_000), 5);
    now += 60_000;
    assert.equal(answered(7, 100_000), 50);
  });

  test('all ports together have a bound of their own', () => {
    const answer = createAnswerer(() => 0);
    const all = Array.from({ length: 2_000 }, (_, port) => answer(packet(port))).filter(Boolean).length;
    assert.equal(all, 500);
  });
});
