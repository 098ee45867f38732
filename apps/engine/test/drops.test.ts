import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import { createDropReporter } from '../src/limits/drops.ts';

/** Meters of vNIC 5: what it begins (3), and its bandwidth (1); and one that is not ours. */
const NEW_OUT = 5 * 8 + 3;
const BANDWIDTH = 5 * 8 + 1;
const stats = (id: number, packets: number, dropped: number) => ({
  id,
  packets: BigInt(packets),
  bytes: BigInt(60 * packets),
  droppedPackets: BigInt(dropped),
  droppedBytes: BigInt(60 * dropped),
});

suite('what limits have dropped', () => {
  const told: EngineMessage[] = [];
  const reporter = (reachable = () => true) =>
    createDropReporter((message) => {
      if (reachable()) told.push(message);
      return reachable();
    });
  const readings = () => told.splice(0).flatMap((message) => (message.type === 'limits' ? message.readings : []));

  test('is told as it comes, and nothing while nothing comes', () => {
    const drops = reporter();
    drops.take([stats(NEW_OUT, 100, 90)]);
    assert.deepEqual(readings(), [], 'an earlier process has told these');
    drops.take([stats(NEW_OUT, 100, 90), stats(BANDWIDTH, 10, 4), stats(7, 9, 9)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'bandwidthOut', droppedPackets: 4, droppedBytes: 240 }]);
    drops.take([stats(NEW_OUT, 150, 120), stats(BANDWIDTH, 10, 4)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'newOut', droppedPackets: 30, droppedBytes: 1800 }]);
    drops.take([stats(NEW_OUT, 150, 120)]);
    assert.deepEqual(told, []);
  });

  test('a meter that is made anew counts from nothing', () => {
    const drops = reporter();
    drops.take([stats(NEW_OUT, 100, 90)]);
    drops.take([stats(NEW_OUT, 20, 10)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'newOut', droppedPackets: 10, droppedBytes: 600 }]);
  });

  test('what could not be told is told with what comes next', () => {
    let reachable = false;
    const drops = reporter(() => reachable);
    drops.take([stats(NEW_OUT, 0, 0)]);
    drops.take([stats(NEW_OUT, 10, 10)]);
    reachable = true;
    drops.take([stats(NEW_OUT, 15, 15)]);
    assert.deepEqual(
      readings().map(({ droppedPackets }) => droppedPackets),
      [15],
    );
  });
});
