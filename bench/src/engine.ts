/** What an engine with 1,000 VMs costs: its memory, and how long until it enforces and has told everything. Needs root. */
import { setTimeout as delay } from 'node:timers/promises';
import { largeHost, togglePatch } from '@hypervigil/engine/testing';
import { engineUnderTest } from './engine-process.ts';
import { type Metric, median } from './metric.ts';

const VMS = 1_000;
const STARTS = 5;
const CHANGES = 100;
const MEMORY_GOAL_MIB = 150;
const START_GOAL_MS = 2_000;

export async function* engineBench(): AsyncGenerator<Metric> {
  const host = largeHost(VMS);
  const engine = await engineUnderTest(host);
  const { platform } = engine;
  try {
    await engine.start();
    await platform.waitFor('hello');
    platform.send({ type: 'intent', intent: host.intent });
    await platform.waitFor('applied', ({ revision }) => revision === 1);

    const enforced: number[] = [];
    const told: number[] = [];
    for (let n = 0; n < STARTS; n++) {
      await engine.kill();
      await engine.ovs.restartSwitch();
      const since = platform.heard.length;
      const begin = performance.now();
      await engine.start();
      const inventory = platform.waitFor('inventory', ({ vms }) => vms.length === VMS, since);
      await flowsInstalled(engine.ovs.ofctl, engine.ovs.runDir);
      enforced.push(performance.now() - begin);
      await inventory;
      told.push(performance.now() - begin);
    }
    yield metric('cold start until 1,000 vNICs are policed', median(enforced), 'ms', START_GOAL_MS);
    yield metric('cold start until 1,000 VMs are told', median(told), 'ms', START_GOAL_MS);

    for (let base = 1; base <= CHANGES; base++) {
      platform.send({ type: 'intent.patch', patch: togglePatch(host.intent, base) });
      await platform.waitFor('applied', ({ revision }) => revision === base + 1);
    }
    platform.send({ type: 'sync' });
    await platform.waitFor('inventory', ({ reason }) => reason === 'demand');
    yield metric(
      'memory with 1,000 VMs, after 100 changes and a full read',
      await engine.residentMiB(),
      'MiB',
      MEMORY_GOAL_MIB,
    );
  } finally {
    await engine.remove();
  }
}

/** The switch was empty; a pipeline of 1,000 vNICs has thousands of flows, and comes as one bundle. */
async function flowsInstalled(ofctl: (...args: readonly string[]) => Promise<string>, runDir: string): Promise<void> {
  const count = async (): Promise<number> =>
    Number(
      /flow_count=(\d+)/.exec(await ofctl('-O', 'OpenFlow15', 'dump-aggregate', `unix:${runDir}/br-int.mgmt`))?.[1],
    );
  for (const deadline = Date.now() + 30_000; (await count()) < VMS; await delay(10))
    if (Date.now() > deadline) throw new Error('the switch got no flows');
}

function metric(what: string, value: number, unit: string, goal: number): Metric {
  const rounded = Math.round(value);
  return {
    name: 'engine',
    metric: what,
    value: rounded,
    unit,
    peer: '',
    ratio: null,
    goal: `≤ ${goal} ${unit}`,
    pass: value <= goal,
  };
}
