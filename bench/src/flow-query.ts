/**
 * Questions of people to a flow store on disk, in the language of filters. Flows come at the rate of 100 million a week: an hour of
 * them is as much as an hour of those. `HV_BENCH_FLOWS` says how many there are.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowFilter, type FlowRow, type FlowStore, openDuckDbStore } from '@hypervigil/flowstore';
import { type FlowExpression, parseFlowQuery } from '@hypervigil/model';
import { type Metric, median } from './metric.ts';

const FLOWS = Number(process.env['HV_BENCH_FLOWS'] ?? 10_000_000);
const HOUR_MS = 3_600_000;
const PER_HOUR = 100_000_000 / (7 * 24);
const BATCH = 50_000;
const VMS = 1_000;
const ROUNDS = 3;
const END_MS = Date.UTC(2026, 0, 15);

const atOf = (n: number): number => Math.floor(END_MS - ((FLOWS - n) / PER_HOUR) * HOUR_MS);

export async function* flowQueryBench(): AsyncGenerator<Metric> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-flow-query-'));
  const store = await openDuckDbStore({ path: join(folder, 'flows.duckdb'), querySeconds: 600 });
  try {
    for (let from = 0; from < FLOWS; from += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, FLOWS - from) }, (_, i) => flowOf(from + i));
      await store.append(`batch ${from}`, rows);
    }
    await store.retain({ nowMs: END_MS });
    yield* asked(store);
    const { bytes, rows } = await store.stats();
    yield figure('disk for a flow', bytes / rows, 'bytes', 40);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function* asked(store: FlowStore): AsyncGenerator<Metric> {
  const hour: FlowFilter = { fromMs: END_MS - HOUR_MS, toMs: END_MS };
  const web = ofText('verdict = deny and dst.port in (22, 3389) and dst.ip in 10.0.0.0/8');
  const top = (filter: FlowFilter) => () => store.top(filter, ['src.ip'], 'bytes', 10);
  yield await measured('filter and top 10 of an hour', 0.3, top({ ...hour, expression: web }));
  yield await measured('top 10 of an hour, all flows', 0.3, top(hour));
  yield await measured('flows above 1 MB of an hour', 0.3, top({ ...hour, expression: ofText('bytes > 1MB') }));
  const vm: FlowExpression = { op: 'test', field: 'vm', is: { kind: 'one-of', values: [vmOf(7)] } };
  yield await measured("filter and top 10 of one VM's week", 0.3, top({ expression: vm }));
  const day = { fromMs: END_MS - 24 * HOUR_MS };
  yield await measured("a day's connections by verdict and port", 2, () =>
    store.top(day, ['verdict', 'dst.port'], 'flows', 10),
  );
  yield await measured('histogram of a day', 2, () => store.series(day, 24 * 60_000));
  yield await measured('newest 500 flows of an hour, filtered', 2, () =>
    store.query({ ...hour, expression: web }, { limit: 500 }),
  );
}

async function measured(metric: string, goal: number, run: () => Promise<unknown>): Promise<Metric> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    await run();
    times.push((performance.now() - begin) / 1000);
  }
  return figure(metric, median(times), 's', goal);
}

function ofText(text: string): FlowExpression {
  const parsed = parseFlowQuery(text, { nowMs: END_MS });
  if ('mistake' in parsed || parsed.expression === null) throw new Error(`The filter ${text} cannot be read.`);
  return parsed.expression;
}

const vmOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** A VM speaks to another, or to one of many outside; one flow in eight is denied, one in a hundred is large. */
function flowOf(n: number): FlowRow {
  const random = (salt: number) => Math.imul(n ^ salt, 0x9e37_79b1) >>> 0;
  const src = random(1) % VMS;
  const outside = random(2) % 4 === 0;
  const dst = random(3) % VMS;
  const end = (vm: number) => ({
    ip: `10.0.${vm >>> 8}.${vm & 255}`,
    mac: `52:54:00:00:${(vm >>> 8).toString(16).padStart(2, '0')}:${(vm & 255).toString(16).padStart(2, '0')}`,
    ...{ vmId: vmOf(vm), vnicId: vmOf(vm + 0x10000), tenantId: vmOf(0x20000 + (vm % 20)) },
  });
  const far = random(4);
  const internet = `${11 + (far % 180)}.${(far >>> 8) & 255}.${(far >>> 16) & 255}.${far >>> 24}`;
  const nobody = { ip: internet, mac: null, vmId: null, vnicId: null, tenantId: null };
  const denied = random(5) % 8 === 0;
  const bytes = random(6) % 100 === 0 ? 2_000_000 + (random(7) % 1_000_000) : 200 + (random(7) % 20_000);
  const endMs = atOf(n);
  return {
    ...{ key: `${n.toString(36)}`, hostId: vmOf(0x30000 + (src % 20)), point: 'egress', networkId: vmOf(src % 40) },
    protocol: random(8) % 5 === 0 ? 17 : 6,
    src: { ...end(src), port: 32_768 + (random(9) % 28_000) },
    dst: { ...(outside ? nobody : end(dst)), port: [443, 443, 443, 53, 5432, 8080, 22, 3389][random(10) % 8]! },
    ...{ icmpType: null, icmpCode: null, verdict: denied ? 'deny' : 'allow', ruleNum: 100 + (random(11) % 200) },
    ...{ ruleId: null, policyId: null, tier: 'tenant', pending: null, inspection: null, revision: 7 },
    ...{ startMs: endMs - (random(12) % 60_000), endMs, bytes: denied ? 60 : bytes, packets: denied ? 1 : 12 },
    ...{ replyBytes: denied ? 0 : bytes * 3, replyPackets: denied ? 0 : 14, tcpFlags: 0x1b },
  };
}

function figure(metric: string, value: number, unit: string, goal: number): Metric {
  const rounded = Number(value.toPrecision(3));
  const name = `flow-query: ${FLOWS.toLocaleString('en')} flows`;
  return { name, metric, value: rounded, unit, peer: '', ratio: null, goal: `≤ ${goal} ${unit}`, pass: value <= goal };
}
