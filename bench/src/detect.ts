/**
 * What detectors find and what they take for an attack, on generated flows with seeds that nobody looked at while they were tuned
 * (those are below ten thousand). `HV_BENCH_SEEDS` says with how many.
 */
import { beginState, observe, sightingsOf } from '@hypervigil/detect';
import { ATTACKS, BEGIN_MS, BENIGN, play, type Told, VMS, watch } from '@hypervigil/detect/testing';
import { type Metric, median, timed } from './metric.ts';

const SEEDS = Number(process.env['HV_BENCH_SEEDS'] ?? 30);
const FIRST_SEED = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Each attack in the middle of what a VM does all day. */
const ATTACK_MS = 1.5 * MINUTE_MS;
const BENIGN_MS = 10 * MINUTE_MS;
/** Whoever tries everything is refused a lot; that is true as well. */
const ALSO_TRUE = new Set(['deny-burst']);

export async function* detectBench(): AsyncGenerator<Metric> {
  let [right, wrong] = [0, 0];
  const isAbout = ({ vmId }: Told) => vmId === VMS.own.vmId;
  for (const [name, { code, scene }] of Object.entries(ATTACKS)) {
    const delays: number[] = [];
    for (const seed of seeds()) {
      const told = watch(play([BENIGN.chores, BENIGN.crawler, scene], seed, ATTACK_MS)).filter(isAbout);
      const first = told.find((one) => one.code === code);
      if (first !== undefined) delays.push((first.atMs - BEGIN_MS) / 1000);
      const codes = new Set(told.map((one) => one.code));
      for (const one of codes)
        if (one === code) right++;
        else if (!ALSO_TRUE.has(one)) wrong++;
    }
    yield atLeast(`${name}: found (recall)`, delays.length / SEEDS, '', 0.95);
    if (delays.length === 0) continue;
    yield figure(`${name}: from its first packet until told, median`, median(delays), 's', 30);
    yield figure(`${name}: the same, longest`, Math.max(...delays), 's', 90);
  }
  const [alarms, days] = benign();
  yield figure('false alarms of a VM in a day of benign traffic', alarms / days, '', 0.1);
  yield atLeast('told alerts that are true (precision)', right / (right + wrong + alarms), '', 0.95);
  yield perFlow();
}

const seeds = () => Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i);

/** Alerts, and for how many days of VMs. */
function benign(): readonly [number, number] {
  let [alarms, ms] = [0, 0];
  for (const scene of Object.values(BENIGN))
    for (const seed of seeds()) {
      alarms += new Set(watch(play([scene], seed, BENIGN_MS)).map(({ vmId, code }) => `${vmId} ${code}`)).size;
      ms += BENIGN_MS;
    }
  return [alarms, ms / DAY_MS];
}

/** Flows of a busy VM, one after the other, as the platform takes them. */
function perFlow(): Metric {
  const flows = play([BENIGN.webServer, BENIGN.database, ATTACKS['ports, refused'].scene], FIRST_SEED, 5 * MINUTE_MS);
  const [count, ms] = timed(() => {
    const states = new Map([[VMS.own.vmId as string, beginState()]]);
    for (let round = 0; round < 10; round++)
      for (const { flow } of flows)
        for (const seen of sightingsOf(flow)) observe(states.getOrInsertComputed(seen.vmId, beginState), seen);
    return 10 * flows.length;
  });
  return atLeast('flow records judged a second, on one core', (count / ms) * 1000, '1/s', 300_000);
}

const common = (metric: string, value: number, unit: string) => ({
  ...{ name: 'detect', metric, value: Number(value.toPrecision(3)), unit },
  ...{ peer: '', ratio: null },
});
const figure = (metric: string, value: number, unit: string, goal: number): Metric => ({
  ...common(metric, value, unit),
  goal: `≤ ${goal} ${unit}`.trim(),
  pass: value <= goal,
});
const atLeast = (metric: string, value: number, unit: string, goal: number): Metric => ({
  ...common(metric, value, unit),
  goal: `≥ ${goal} ${unit}`.trim(),
  pass: value >= goal,
});
