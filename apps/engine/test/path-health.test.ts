import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPathHealth, PROBE_MS, type ProbedGateway } from '../src/gateways/health.ts';

const LEFT = 11;
const RIGHT = 12;
const GATEWAY: ProbedGateway = { num: 7, left: LEFT, right: RIGHT, presumed: false };

/** A gateway that lets pass what `letPass` was told, and a clock that moves by ticks. */
function bench(gateway = GATEWAY) {
  let clock = 0;
  let passing = (_port: number): boolean => true;
  const changes: boolean[] = [];
  const sent: Buffer[] = [];
  const health = createPathHealth({
    now: () => clock,
    onChange: (_num, passes) => changes.push(passes),
    send(port, frame) {
      sent.push(frame);
      if (passing(port)) health.receive({ port: port === LEFT ? RIGHT : LEFT, frame });
    },
  });
  health.watch([gateway]);
  const ticks = (count: number, everyMs = PROBE_MS): void => {
    for (let n = 0; n < count; n++) {
      clock += everyMs;
      health.tick();
    }
  };
  const letPass = (how: typeof passing): void => {
    passing = how;
  };
  return { health, changes, sent, ticks, letPass };
}

describe('whether packets pass a gateway', () => {
  it('is believed after a second answer of each direction, and no longer when one direction is silent', () => {
    const { health, changes, ticks, letPass } = bench();
    assert.equal(health.passes(7), false);
    ticks(1);
    assert.equal(health.passes(7), false);
    ticks(1);
    assert.equal(health.passes(7), true);
    letPass((port) => port === LEFT);
    ticks(3);
    assert.equal(health.passes(7), true, 'for a moment anything may be late');
    ticks(2);
    assert.equal(health.passes(7), false);
    letPass(() => true);
    ticks(2);
    assert.deepEqual(changes, [true, false, true]);
  });

  it('is noticed within a second', () => {
    const { health, ticks, letPass } = bench();
    ticks(10);
    letPass(() => false);
    ticks(Math.floor(1_000 / PROBE_MS));
    assert.equal(health.passes(7), false);
  });

  it('is not doubted because this process stood still', () => {
    const { health, ticks } = bench();
    ticks(10);
    ticks(1, 30_000);
    ticks(3);
    assert.equal(health.passes(7), true);
  });

  it('is presumed of one that an earlier process has watched, until it is silent', () => {
    const { health, changes, ticks, letPass } = bench({ ...GATEWAY, presumed: true });
    assert.equal(health.passes(7), true);
    letPass(() => false);
    ticks(5);
    assert.deepEqual([health.passes(7), changes], [false, [false]]);
  });

  it('is not shown by what comes out where it went in, by anything made up, or by what others have asked', () => {
    const { health, sent, ticks, letPass } = bench();
    letPass(() => false);
    const stranger = bench();
    stranger.ticks(4);
    ticks(4);
    for (const frame of [...sent, ...stranger.sent]) {
      const side = sent.includes(frame) && frame.readUInt8(20) === 0 ? LEFT : RIGHT;
      health.receive({ port: side, frame });
      health.receive({ port: 99, frame });
    }
    for (const frame of stranger.sent) for (const port of [LEFT, RIGHT]) health.receive({ port, frame });
    for (let length = 0; length < 64; length++)
      health.receive({ port: RIGHT, frame: Buffer.alloc(length, sent[0]!.subarray(0, Math.max(1, length))) });
    assert.equal(health.passes(7), false);
  });

  it('is asked anew when its ports are others, and forgotten with it', () => {
    const { health, ticks } = bench();
    ticks(3);
    health.watch([GATEWAY]);
    assert.equal(health.passes(7), true);
    health.watch([{ ...GATEWAY, left: 21 }]);
    assert.equal(health.passes(7), false);
    health.watch([]);
    assert.equal(health.passes(7), false);
  });
});
