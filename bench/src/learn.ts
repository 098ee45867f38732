/**
 * What recorded flows teach policy: a million flows of a thousand VMs in a flow store on disk, summed up, learnt from and judged
 * anew under a draft, in one process.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowRow, type FlowStore, openDuckDbStore, type Talk } from '@hypervigil/flowstore';
import { type CloudState, type CloudVm, recommend, simulate } from '@hypervigil/policy';
import type { Metric } from './metric.ts';
import { largeCloud } from './policy-cloud.ts';

const SIZE = { vnics: 1_000, groups: 100, rules: 500 } as const;
const FLOWS = 1_000_000;
const BATCH = 50_000;
const DAYS = 7;
const DAY_MS = 86_400_000;
const MAX_TALKS = 100_000;

export async function* learnBench(): AsyncGenerator<Metric> {
  const dir = await mkdtemp(join(tmpdir(), 'hv-learn-'));
  const store = await openDuckDbStore({ path: join(dir, 'flows.duckdb') });
  try {
    const cloud = largeCloud(SIZE);
    await record(store, cloud);
    const [{ talks }, talksMs] = await timed(() => store.talks({}, MAX_TALKS));
    yield atMost(`${FLOWS} flows summed up to ${talks.length} talks`, talksMs / 1000, 's', 10);
    const [, hitsMs] = await timed(() => store.ruleHits({}));
    yield atMost('hits of every rule', hitsMs / 1000, 's', 10);
    yield* lessons(cloud, talks);
    yield atMost('memory of the process', process.memoryUsage().rss / 2 ** 20, 'MiB', 1_536);
  } finally {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function* lessons(cloud: CloudState, talks: readonly Talk[]): AsyncGenerator<Metric> {
  const group = cloud.groups[0]!;
  const ofGroup = await timed(() => finish(recommend(cloud, { groupId: group.id }, talks, DAYS)));
  yield atMost(`rules for a group: ${ofGroup[0].rules.length}`, ofGroup[1] / 1000, 's', 10);
  const tenant = cloud.tenants[0]!;
  const ofTenant = await timed(() => finish(recommend(cloud, { tenantId: tenant.id }, talks, DAYS)));
  yield atMost(`rules for a tenant: ${ofTenant[0].rules.length}`, ofTenant[1] / 1000, 's', 10);
  const draft = cloud.policies.slice(1);
  const simulated = await timed(() => finish(simulate(cloud, draft, talks, new Date())));
  yield atMost(`a draft simulated: ${simulated[0].changes.length} changes`, simulated[1] / 1000, 's', 10);
}

/** Each VM talks to some of its network on a few services, and now and then to somebody on any port. */
async function record(store: FlowStore, { vms, networks }: CloudState): Promise<void> {
  const beside = Map.groupBy(vms, (vm) => vm.vnics[0]!.networkId);
  const known = new Set(networks.map(({ id }) => id));
  const now = Date.now();
  for (let at = 0; at < FLOWS; at += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, i): FlowRow => {
      const n = at + i;
      const src = vms[n % vms.length]!;
      const others = beside.get(src.vnics[0]!.networkId)!;
      const dst = others[(n * 7 + Math.floor(n / vms.length) * 13) % Math.min(others.length, 40)]!;
      const port = n % 500 === 0 ? 1_024 + (n % 60_000) : [443, 5432, 8080, 22][n % 4]!;
      return flowOf(n, src, dst, port, now - ((n * 617) % (DAYS * DAY_MS)), known);
    });
    await store.append(`batch ${at}`, rows);
  }
}

function flowOf(
  n: number,
  src: CloudVm,
  dst: CloudVm,
  port: number,
  endMs: number,
  known: ReadonlySet<string>,
): FlowRow {
  const [from, to] = [src, dst].map((vm) => ({
    ip: vm.vnics[0]!.ipv4[0]!,
    mac: vm.vnics[0]!.mac,
    vmId: vm.id,
    vnicId: vm.vnics[0]!.id,
    tenantId: vm.tenantId,
  }));
  const { networkId } = src.vnics[0]!;
  return {
    key: `k${n}`,
    hostId: 'host-1',
    point: 'egress',
    networkId: networkId !== null && known.has(networkId) ? networkId : null,
    protocol: 6,
    src: { ...from!, port: 32_768 + (n % 28_000) },
    dst: { ...to!, port },
    icmpType: null,
    icmpCode: null,
    verdict: 'allow',
    ruleNum: 5,
    ruleId: null,
    policyId: null,
    tier: null,
    pending: null,
    inspection: null,
    revision: 1,
    startMs: endMs - 500,
    endMs,
    bytes: 1_000,
    packets: 10,
    replyBytes: 4_000,
    replyPackets: 9,
    tcpFlags: 0x1b,
  };
}

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

async function timed<T>(run: () => T | Promise<T>): Promise<readonly [T, number]> {
  const begin = performance.now();
  const result = await run();
  return [result, performance.now() - begin];
}

function atMost(metric: string, value: number, unit: string, goal: number): Metric {
  const rounded = Number(value.toPrecision(3));
  const pass = value <= goal;
  return { name: 'learn', metric, value: rounded, unit, peer: '', ratio: null, goal: `≤ ${goal} ${unit}`, pass };
}
