/**
 * What detectors find and what they take for an attack, on generated flows with seeds that nobody looked at while they were tuned
 * (those are below ten thousand). `HV_BENCH_SEEDS` says with how many.
 */
import { beginState, MAX_STATE_BYTES, observe, sightingsOf, type VmState } from '@hypervigil/detect';
import {
  ATTACKS,
  BEGIN_MS,
  BENIGN,
  DAYS,
  play,
  type Scene,
  SLOW_ATTACKS,
  type Told,
  VMS,
  WEEKS,
  watch,
} from '@hypervigil/detect/testing';
import type { AlertCode } from '@hypervigil/model';
import { type Metric, median, timed } from './metric.ts';

const SEEDS = Number(process.env['HV_BENCH_SEEDS'] ?? 30);
const FIRST_SEED = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Each attack in the middle of what a VM does all day. */
const ATTACK_MS = 1.5 * MINUTE_MS;
const BENIGN_MS = 10 * MINUTE_MS;
const DAYS_MS = 3 * DAY_MS;
const WEEKS_MS = 16 * DAY_MS;
/** Whoever tries everything is refused a lot; that is true as well. */
const ALSO_TRUE = new Set(['deny-burst']);

interface Played {
  readonly name: string;
  readonly code: AlertCode;
  readonly scenes: readonly Scene[];
  readonly beginMs: number;
  readonly durationMs: number;
  /** Within which it should be told, seconds: the median and the longest; null of what takes its time. */
  readonly goals: readonly [number, number] | null;
}

function played(): Played[] {
  const fast = Object.entries(ATTACKS).map(
    ([name, { code, scene }]): Played => ({
      ...{ name, code, scenes: [BENIGN.chores, BENIGN.crawler, scene] },
      ...{ beginMs: BEGIN_MS, durationMs: ATTACK_MS, goals: [30, 90] },
    }),
  );
  const slow = Object.entries(SLOW_ATTACKS).map(
    ([name, { scene, background, ...rest }]): Played => ({
      ...{ name, ...rest, scenes: [...background, scene], goals: null },
    }),
  );
  return [...fast, ...slow];
}

export async function* detectBench(): AsyncGenerator<Metric> {
  let [right, wrong] = [0, 0];
  const sizes: number[] = [];
  const isAbout = ({ vmId }: Told) => vmId === VMS.own.vmId;
  for (const { name, code, scenes, beginMs, durationMs, goals } of played()) {
    const delays: number[] = [];
    for (const seed of seeds()) {
      const states = new Map<string, VmState>();
      const told = watch(play(scenes, seed, durationMs), states).filter(isAbout);
      sizes.push(bytesOf(states.get(VMS.own.vmId)));
      const first = told.find((one) => one.code === code);
      if (first !== undefined) delays.push((first.atMs - beginMs) / 1000);
      const codes = new Set(told.map((one) => one.code));
      for (const one of codes)
        if (one === code) right++;
        else if (!ALSO_TRUE.has(one)) wrong++;
    }
    yield atLeast(`${name}: found (recall)`, delays.length / SEEDS, '', 0.95);
    if (delays.length === 0) continue;
    yield figure(`${name}: from its first packet until told, median`, median(delays), 's', goals?.[0]);
    yield figure(`${name}: the same, longest`, Math.max(...delays), 's', goals?.[1]);
  }
  const busy = benign(Object.values(BENIGN), BENIGN_MS, sizes);
  const slow = benign(Object.values(DAYS), DAYS_MS, sizes);
  yield figure('false alarms of a VM in a day of busy benign traffic', busy.alarms / busy.days, '', 0.1);
  yield figure(
    'the same of what VMs do over days: reports, copies, updates, lookups',
    slow.alarms / slow.days,
    '',
    0.02,
  );
  const long = benign(Object.values(WEEKS), WEEKS_MS, sizes);
  yield figure('the same of what is different by night and on Sundays', long.alarms / long.days, '', 0.02);
  yield atLeast(
    'told alerts that are true (precision)',
    right / (right + wrong + busy.alarms + slow.alarms + long.alarms),
    '',
    0.95,
  );
  yield figure('what all detectors know of a VM, median', median(sizes) / 1024, 'KiB', 8);
  yield figure('the same, most', Math.max(...sizes) / 1024, 'KiB', MAX_STATE_BYTES / 1024);
  yield perFlow();
}

const bytesOf = (state: VmState | undefined): number => JSON.stringify(state ?? null).length;

const seeds = () => Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i);

/** Alerts, and for how many days of VMs. */
function benign(scenes: readonly Scene[], durationMs: number, sizes: number[]) {
  let alarms = 0;
  for (const scene of scenes)
    for (const seed of seeds()) {
      const states = new Map<string, VmState>();
      const told = watch(play([scene], seed, durationMs), states);
      alarms += new Set(told.map(({ vmId, code }) => `${vmId} ${code}`)).size;
      for (const state of states.values()) sizes.push(bytesOf(state));
    }
  return { alarms, days: (scenes.length * SEEDS * durationMs) / DAY_MS };
}

/** Flows of a busy VM, one after the other, as the platform takes them. */
function perFlow(): Metric {
  const flows = play([BENIGN.webServer, BENIGN.database, ATTACKS['ports, refused'].scene], FIRST_SEED, 5 * MINUTE_MS);
  const [count, ms] = timed(() => {
    const states = new Map([[VMS.own.vmId as string, beginState()]]);
    for (let round = 0; round < 10; round++)
      for (const { flow } of flows)
        for (const seen of flow === undefined ? [] : sightingsOf(flow))
          observe(states.getOrInsertComputed(seen.vmId, beginState), seen);
    return 10 * flows.length;
  });
  return atLeast('flow records judged a second, on one core', (count / ms) * 1000, '1/s', 300_000);
}

const common = (metric: string, value: number, unit: string) => ({
  ...{ name: 'detect', metric, value: Number(value.toPrecision(3)), unit },
  ...{ peer: '', ratio: null },
});
const figure = (metric: string, value: number, unit: string, goal?: number): Metric => ({
  ...common(metric, value, unit),
  ...(goal === undefined ? { goal: '', pass: true } : { goal: `≤ ${goal} ${unit}`.trim(), pass: value <= goal }),
});
const atLeast = (metric: string, value: number, unit: string, goal: number): Metric => ({
  ...common(metric, value, unit),
  goal: `≥ ${goal} ${unit}`.trim(),
  pass: value >= goal,
});
