/**
 * How long a published rule takes until the switch enforces it: from the platform's frame to the engine's confirmation
 * after the switch's barrier, with 1,000 vNICs and 50 rules on a host (dummy datapath). Every change turns a rule that
 * speaks of a hundred vNICs on each side. Needs root.
 */
import { largeHost, togglePatch } from '@hypervigil/engine/testing';
import { engineUnderTest } from './engine-process.ts';
import { type Metric, percentile } from './metric.ts';

const VMS = 1_000;
const WARM_UP = 20;
const CHANGES = 200;
const GOAL_MS = { p50: 50, p99: 250 } as const;

export async function* enforceBench(): AsyncGenerator<Metric> {
  const host = largeHost(VMS);
  const engine = await engineUnderTest(host);
  const { platform } = engine;
  try {
    await engine.start();
    await platform.waitFor('hello');
    platform.send({ type: 'intent', intent: host.intent });
    await platform.waitFor('applied', ({ revision }) => revision === 1);
    const times: number[] = [];
    for (let base = 1; base <= WARM_UP + CHANGES; base++) {
      const since = platform.heard.length;
      const begin = performance.now();
      platform.send({ type: 'intent.patch', patch: togglePatch(host.intent, base) });
      await platform.waitFor('applied', ({ revision }) => revision === base + 1, since);
      if (base > WARM_UP) times.push(performance.now() - begin);
    }
    for (const [name, p] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      const value = Math.round(percentile(times, p) * 10) / 10;
      yield {
        name: 'enforce',
        metric: `rule sent → confirmed by the switch and stored, 1,000 vNICs, ${name}`,
        value,
        unit: 'ms',
        peer: '',
        ratio: null,
        goal: `≤ ${GOAL_MS[name]} ms`,
        pass: value <= GOAL_MS[name],
      };
    }
  } finally {
    await engine.remove();
  }
}
