/**
 * Replaces 100,000 flows of a switch, every one by another, while probes pass through some of them: how long it takes,
 * and how many probes are lost. Beside `ovs-ofctl --bundle replace-flows` on the same switch, in turns. Needs root.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type FlowSpec, type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { type Metric, median } from './metric.ts';
import { startProbes } from './probes.ts';
import { createWire, ENDS, type Wire } from './wire.ts';

const run = promisify(execFile);

const FLOWS = 100_000;
const ROUNDS = 3;
const PROBES_PER_S = 100;
const GOAL_MS = 2_000;

/** What carries the probes, among flows as rules with many addresses have them. No flow of one generation is in another. */
function generation(n: number): FlowSpec[] {
  const cookie = BigInt(n + 1);
  const wire = ENDS.map(({ ofport }): FlowSpec => {
    return { table: 0, priority: 1 + n, cookie, match: `in_port=${ofport}`, actions: `output:${3 - ofport}` };
  });
  const rules = Array.from({ length: FLOWS - wire.length }, (_, i): FlowSpec => {
    const match = `tcp,nw_src=172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255},tp_dst=${1_000 + n}`;
    return { table: 0, priority: 100 + (i % 64), cookie, match, actions: 'drop' };
  });
  return [...wire, ...rules];
}

export async function* swapBench(): AsyncGenerator<Metric> {
  const wire = await createWire(ENDS);
  let sw: OvsSwitch | undefined;
  try {
    sw = await openSwitch(wire);
    const generations = [generation(0), generation(1)] as const;
    await sw.flows.apply(generations[0]);
    const ours = await measure(wire, async (n) => {
      const change = await sw!.flows.apply(generations[n]!);
      if (change.added !== FLOWS || change.deleted !== FLOWS)
        throw new Error(`not replaced: ${JSON.stringify(change)}`);
    });
    const files = await Promise.all(generations.map((flows, n) => saved(wire, n, flows)));
    const address = `unix:${path.join(wire.runDir, `${wire.bridge}.mgmt`)}`;
    const theirs = await measure(wire, async (n) => {
      await run('ovs-ofctl', ['-O', 'OpenFlow15', '--bundle', 'replace-flows', address, files[n]!]);
    });
    const [mine, peer] = [median(ours.times), median(theirs.times)];
    yield {
      ...base(`${FLOWS.toLocaleString('en')} flows replaced by as many others`),
      value: Math.round(mine),
      unit: 'ms',
      peer: `ovs-ofctl --bundle replace-flows ${Math.round(peer)} ms`,
      ratio: Number((mine / peer).toFixed(2)),
      goal: `≤ ${GOAL_MS} ms`,
      pass: mine <= GOAL_MS,
    };
    yield {
      ...base(`probes lost, ${PROBES_PER_S}/s`),
      value: ours.lost,
      unit: `of ${ours.sent}, the longest pause ${ours.longestGapMs} ms`,
      peer: `ovs-ofctl ${theirs.lost} of ${theirs.sent}, ${theirs.longestGapMs} ms`,
      ratio: null,
      goal: '0',
      pass: ours.lost === 0,
    };
  } finally {
    await sw?.close();
    await wire.remove();
  }
}

const base = (metric: string) => ({ name: 'swap', metric });

/** Replaces the generation that is installed by the other one, several times. */
async function measure(wire: Wire, replaceBy: (generation: number) => Promise<void>) {
  const times: number[] = [];
  const probes = await startProbes(wire, ENDS[1].ipv4, PROBES_PER_S);
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const begin = performance.now();
    await replaceBy((round + 1) % 2);
    times.push(performance.now() - begin);
  }
  return { times, ...(await probes.stop()) };
}

/** As ovs-ofctl reads it. */
async function saved({ runDir }: Wire, n: number, flows: readonly FlowSpec[]): Promise<string> {
  const file = path.join(runDir, `flows${n}`);
  const lines = flows.map(({ table, priority, cookie, match, actions }) => {
    return `table=${table},priority=${priority},cookie=${cookie},${match},actions=${actions}\n`;
  });
  await writeFile(file, lines.join(''));
  return file;
}
