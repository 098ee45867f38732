/**
 * How long a published rule takes until it is enforced: to the packet, through the whole product between two hosts of
 * the lab; and from the platform's frame to the engine's confirmation after the switch's barrier, with 1,000 vNICs and
 * 50 rules on a host (dummy datapath), where every change turns a rule that speaks of a hundred vNICs on each side.
 * Needs root.
 */
import { largeHost, togglePatch } from '@hypervigil/engine/testing';
import { engineUnderTest } from './engine-process.ts';
import { measureLabEnforcement } from './lab-enforcement.ts';
import { type Metric, percentile } from './metric.ts';

const VMS = 1_000;
const WARM_UP = 20;
const CHANGES = 200;
const GOAL_MS = { p50: 50, p99: 250 } as const;
const LAB_ROUNDS = 15;
const LAB_GOAL_MS = { p50: 500, p99: 1_000 } as const;

export async function* enforceBench(): AsyncGenerator<Metric> {
  yield* largeHostEnforcement();
  const { allowed, revoked } = await measureLabEnforcement(LAB_ROUNDS);
  yield* percentiles('lab: published → first packet passes', allowed, LAB_GOAL_MS);
  yield* percentiles('lab: revoked → last packet passes', revoked, LAB_GOAL_MS);
}

async function* largeHostEnforcement(): AsyncGenerator<Metric> {
  const host = largeHost(VMS);
  const engine = await engineUnderTest(host);
  const { platform } = engine;
  try {
    await engine.start();
    await platform.waitFor('hello');
    platform.send({ type: 'intent', intent: host.intent });
    await platform.waitFor('applied', ({ revision }) => revision === 1);
    const confirmed: number[] = [];
    const switched: number[] = [];
    for (let base = 1; base <= WARM_UP + CHANGES; base++) {
      const since = platform.heard.length;
      const begin = performance.now();
      platform.send({ type: 'intent.patch', patch: togglePatch(host.intent, base) });
      const { tookMs } = await platform.waitFor('applied', ({ revision }) => revision === base + 1, since);
      if (base <= WARM_UP) continue;
      confirmed.push(performance.now() - begin);
      switched.push(tookMs);
    }
    yield* percentiles('rule taken in → enforced by the switch, 1,000 vNICs', switched);
    yield* percentiles('rule sent → enforced, stored and confirmed, 1,000 vNICs', confirmed);
  } finally {
    await engine.remove();
  }
}

type Goals = Readonly<Record<'p50' | 'p99', number>>;

function* percentiles(what: string, times: readonly number[], goals: Goals = GOAL_MS): Generator<Metric> {
  for (const name of ['p50', 'p99'] as const) {
    const value = Math.round(percentile(times, name === 'p50' ? 0.5 : 0.99) * 10) / 10;
    const goal = goals[name];
    const pass = value <= goal;
    yield {
      name: 'enforce',
      metric: `${what}, ${name}`,
      value,
      unit: 'ms',
      peer: '',
      ratio: null,
      goal: `≤ ${goal} ms`,
      pass,
    };
  }
}
