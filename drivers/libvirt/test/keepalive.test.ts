import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startKeepAlive } from '../src/rpc/keepalive.ts';
import { decodePacket } from '../src/rpc/packet.ts';
import { KEEPALIVE, keepAlivePacket, REMOTE } from '../src/testing/fake-daemon.ts';

const SECOND = 1000;
const PONG = decodePacket(keepAlivePacket(2).subarray(4)).header;
const PING = decodePacket(keepAlivePacket(1).subarray(4)).header;
const OTHER = { ...PONG, program: REMOTE };

function start(t: TestContext, seconds: number) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const seen = { sent: [] as Buffer[], dead: 0, expects: true };
  const keepAlive = startKeepAlive(seconds, {
    send: (packet) => seen.sent.push(packet),
    expectsAnswers: () => seen.expects,
    dead: () => {
      seen.dead++;
      keepAlive.stop();
    },
  });
  return { seen, keepAlive, pass: (time: number) => t.mock.timers.tick(time * SECOND) };
}

test('pings in silence, and gives up after five without any answer', (t) => {
  const { seen, pass } = start(t, 5);
  pass(25);
  assert.deepEqual(seen.sent, Array(5).fill(keepAlivePacket(1)));
  assert.equal(seen.dead, 0);
  pass(5);
  assert.deepEqual([seen.sent.length, seen.dead], [5, 1]);
  pass(60);
  assert.deepEqual([seen.sent.length, seen.dead], [5, 1]);
});

test('whatever arrives proves life', (t) => {
  const { seen, keepAlive, pass } = start(t, 5);
  for (let minute = 0; minute < 10; minute++) {
    pass(20);
    assert.equal(keepAlive.received(minute % 2 === 0 ? PONG : OTHER), minute % 2 === 0);
  }
  assert.equal(seen.dead, 0);
});

test('silence proves nothing while no answer can come', (t) => {
  const { seen, pass } = start(t, 5);
  seen.expects = false;
  pass(600);
  assert.equal(seen.dead, 0);
});

test('answers the peer’s pings, also when it sends none itself', (t) => {
  const { seen, keepAlive, pass } = start(t, 0);
  pass(60);
  assert.equal(keepAlive.received(PING), true);
  assert.deepEqual(seen.sent, [keepAlivePacket(2)]);
  assert.equal(PING.program, KEEPALIVE);
});
