import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import type { LimitKind } from '@hypervigil/model';
import { createDropReporter, readDrops } from '../src/limits/drops.ts';

const counter = (kind: LimitKind, packets: number, num = 5) => ({
  ...{ kind, num },
  ...{ packets: BigInt(packets), bytes: BigInt(60 * packets) },
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
    drops.take([counter('newOut', 90)]);
    assert.deepEqual(readings(), [], 'an earlier process has told these');
    drops.take([counter('newOut', 90), counter('bandwidthOut', 4)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'bandwidthOut', droppedPackets: 4, droppedBytes: 240 }]);
    drops.take([counter('newOut', 120), counter('bandwidthOut', 4)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'newOut', droppedPackets: 30, droppedBytes: 1800 }]);
    drops.take([counter('newOut', 120)]);
    assert.deepEqual(told, []);
  });

  test('what is made anew counts from nothing', () => {
    const drops = reporter();
    drops.take([counter('open', 60), counter('open', 30)]);
    drops.take([counter('open', 10), counter('open', 0)]);
    assert.deepEqual(readings(), [{ num: 5, kind: 'open', droppedPackets: 10, droppedBytes: 600 }]);
  });

  test('what could not be told is told with what comes next', () => {
    let reachable = false;
    const drops = reporter(() => reachable);
    drops.take([counter('newIn', 0)]);
    drops.take([counter('newIn', 10)]);
    reachable = true;
    drops.take([counter('newIn', 15)]);
    assert.deepEqual(
      readings().map(({ droppedPackets }) => droppedPackets),
      [15],
    );
  });

  test('is counted by meters and, of vNICs, rules and networks that are full, by flows; what is not ours is not read', async () => {
    const meter = { packets: 100n, bytes: 6000n, droppedPackets: 3n, droppedBytes: 180n };
    const flow = { table: 60, priority: 40, match: '', actions: '', packets: 2n, bytes: 120n, durationS: 1 };
    const counters = await readDrops({
      meterStats: async () => [
        { ...meter, id: 5 * 8 + 3 },
        { ...meter, id: 6 * 8 + 5 },
        { ...meter, id: 7 },
      ],
      stats: async (filter) =>
        [(8n << 32n) | 5n, (10n << 32n) | 6n, (11n << 32n) | 7n]
          .filter((cookie) => (cookie & filter!.cookieMask!) === filter!.cookie)
          .map((cookie) => ({ ...flow, cookie })),
    });
    assert.deepEqual(counters, [
      { kind: 'newOut', num: 5, packets: 3n, bytes: 180n },
      { kind: 'ruleNew', num: 6, packets: 3n, bytes: 180n },
      { kind: 'open', num: 5, packets: 2n, bytes: 120n },
      { kind: 'ruleOpen', num: 6, packets: 2n, bytes: 120n },
      { kind: 'networkOpen', num: 7, packets: 2n, bytes: 120n },
    ]);
  });
});
