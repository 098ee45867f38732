import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertCode } from '@hypervigil/model';
import { type Raised, replay } from '../src/index.ts';
import { ATTACKS, BENIGN, play, VMS } from '../src/testing/index.ts';

const SEED = 1031;
const MINUTES = 60_000;

/** Each connection once, as a store has it. */
function recorded(scene: keyof typeof ATTACKS) {
  const flows = play([BENIGN.chores, ATTACKS[scene]!.scene], SEED, 1.5 * MINUTES).flatMap(({ flow }) => flow ?? []);
  const sum = (all: typeof flows) =>
    all.reduce((a, b) => ({
      ...b,
      ...{ bytes: a.bytes + b.bytes, packets: a.packets + b.packets },
      ...{ replyBytes: a.replyBytes + b.replyBytes, replyPackets: a.replyPackets + b.replyPackets },
      startMs: Math.min(a.startMs, b.startMs),
    }));
  return [...Map.groupBy(flows, ({ key }) => key).values()].map(sum).sort((a, b) => a.endMs - b.endMs);
}

function told(flows: ReturnType<typeof recorded>, code: AlertCode, times = 1, vmIds?: ReadonlySet<string>): Raised[] {
  const steps = replay(flows, { codes: [code], effort: { [code]: times }, vmIds });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test('what was recorded of an attack is told once, with the VM that did it', () => {
  const [first, ...rest] = told(recorded('ports, refused'), 'port-scan');
  assert.deepEqual([first?.code, first?.vmId, rest.length], ['port-scan', VMS.own.vmId, 0]);
});

test('less is told where more is asked for, and nothing of VMs or kinds that nobody asked about', () => {
  const flows = recorded('refused again and again');
  const counts = [0.5, 1, 1000].map((times) => told(flows, 'deny-burst', times).length);
  assert.deepEqual([counts[1], counts[2]], [1, 0]);
  assert.ok(counts[0]! >= 1);
  assert.deepEqual(told(flows, 'flood'), []);
  assert.deepEqual(told(flows, 'deny-burst', 1, new Set(['nobody'])), []);
});

test('nothing is told of nothing', () => assert.deepEqual(told([], 'port-scan'), []));
