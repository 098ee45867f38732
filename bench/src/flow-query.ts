/**
 * Questions of people to a flow store on disk, in the language of filters, beside nfdump on the same flows in nfcapd's files, one
 * for each hour (LZ4). Flows come at the rate of 100 million a week: an hour of them is as much as an hour of those.
 * `HV_BENCH_FLOWS` says how many there are.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type FlowFilter, type FlowRow, type FlowStore, openDuckDbStore } from '@hypervigil/flowstore';
import { type FlowExpression, parseFlowQuery } from '@hypervigil/model';
import { cloudFlow, vmEnd } from './cloud-flows.ts';
import { FLOWS_PER_DATAGRAM, flowDatagram, templateDatagram } from './flow-datagrams.ts';
import { type Metric, median } from './metric.ts';
import { countFlows, nfdump, startNfcapdIn } from './nfcapd.ts';
import { sendAll } from './udp-load.ts';

const FLOWS = Number(process.env['HV_BENCH_FLOWS'] ?? 10_000_000);
const HOUR_MS = 3_600_000;
const PER_HOUR = Math.ceil(100_000_000 / (7 * 24));
const BATCH = 50_000;
const ROUNDS = 3;
const END_MS = Date.UTC(2026, 0, 15);
/** What one core has for each of 300,000 rows a second. */
const LOAD_GOAL_US = 3.3;

const atOf = (n: number): number => Math.floor(END_MS - ((FLOWS - n) / PER_HOUR) * HOUR_MS);
const rowsOf = (from: number, to: number): FlowRow[] =>
  Array.from({ length: to - from }, (_, i) => cloudFlow(from + i, atOf(from + i)));

export async function* flowQueryBench(): AsyncGenerator<Metric> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-flow-query-'));
  const store = await openDuckDbStore({ path: join(folder, 'flows.duckdb'), querySeconds: 600 });
  try {
    const cpuMicros = await fillStore(store);
    const hours = await fillNfcapd(join(folder, 'nfcapd'));
    yield figure('loading a row, CPU of all threads', cpuMicros / FLOWS, 'µs', LOAD_GOAL_US);
    yield* asked(store, hours);
    const { bytes, rows } = await store.stats();
    yield figure('disk for a flow', bytes / rows, 'bytes', 40);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns microseconds of CPU, compaction included, the making of flows not */
async function fillStore(store: FlowStore): Promise<number> {
  let micros = 0;
  const counted = async (work: () => Promise<unknown>) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
  };
  for (let from = 0; from < FLOWS; from += BATCH) {
    const rows = rowsOf(from, Math.min(FLOWS, from + BATCH));
    await counted(() => store.append(`batch ${from}`, rows));
  }
  await counted(() => store.retain({ nowMs: END_MS }));
  return micros;
}

/** @returns a file for each hour, the latest last */
async function fillNfcapd(folder: string): Promise<string[]> {
  const hours = Math.ceil(FLOWS / PER_HOUR);
  const files: string[] = [];
  for (let hour = 0; hour < hours; hour++) {
    const to = FLOWS - (hours - 1 - hour) * PER_HOUR;
    files.push(await fillHour(folder, hour, Math.max(0, to - PER_HOUR), to));
  }
  return files;
}

async function fillHour(folder: string, hour: number, from: number, to: number): Promise<string> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch, { recursive: true });
  const nfcapd = await startNfcapdIn(scratch, ['-y']);
  const sender = createSocket('udp4');
  try {
    sender.connect(nfcapd.port, '127.0.0.1');
    await once(sender, 'connect');
    await sendAll(sender, nfcapd.port, datagramsOf(from, to));
  } finally {
    sender.close();
    await nfcapd.stop();
  }
  const kept = await countFlows(scratch);
  if (kept !== to - from) throw new Error(`nfcapd kept ${kept} of ${to - from} flows; the figures are void.`);
  const [written = ''] = await readdir(scratch);
  const file = join(folder, `nfcapd.${String(hour).padStart(12, '0')}`);
  await rename(join(scratch, written), file);
  await rm(scratch, { recursive: true });
  return file;
}

function* datagramsOf(from: number, to: number): Generator<Buffer> {
  yield templateDatagram();
  for (let at = from; at < to; at += FLOWS_PER_DATAGRAM)
    yield flowDatagram(rowsOf(at, Math.min(to, at + FLOWS_PER_DATAGRAM)), at - from);
}

async function* asked(store: FlowStore, hours: readonly string[]): AsyncGenerator<Metric> {
  const hour: FlowFilter = { fromMs: END_MS - HOUR_MS, toMs: END_MS };
  const day: FlowFilter = { fromMs: END_MS - 24 * HOUR_MS };
  const deniedLogins = ofText('verdict = deny and dst.port in (22, 3389) and dst.ip in 10.0.0.0/8');
  const top = (filter: FlowFilter) => () => store.top(filter, ['src.ip'], 'bytes', 10);
  const theirs = (last: number, ...args: readonly string[]) => {
    const [first = '', latest = first] = [hours.slice(-last)[0], hours.at(-1)];
    return () => nfdump(['-R', `${first}:${basename(latest)}`, '-q', '-n', '10', ...args]);
  };
  const { vmId, ip } = vmEnd(7);
  const vm: FlowExpression = { op: 'test', field: 'vm', is: { kind: 'one-of', values: [vmId] } };
  const bySource = ['-s', 'srcip/bytes'] as const;

  yield await measured(
    'filter and top 10 of an hour',
    0.3,
    top({ ...hour, expression: deniedLogins }),
    // nfdump knows no verdicts: what was denied has one packet, and nothing else has.
    theirs(1, ...bySource, 'packets < 2 and (dst port 22 or dst port 3389) and dst net 10.0.0.0/8'),
  );
  yield await measured('top 10 of an hour, all flows', 0.3, top(hour), theirs(1, ...bySource));
  const large = top({ ...hour, expression: ofText('bytes > 1MB') });
  yield await measured('flows above 1 MB of an hour', 0.3, large, theirs(1, ...bySource, 'bytes > 1000000'));
  const ofVm = theirs(hours.length, ...bySource, `host ${ip}`);
  yield await measured("filter and top 10 of one VM's week", 0.3, top({ expression: vm }), ofVm);
  yield await measured(
    "a day's connections by verdict and port",
    2,
    () => store.top(day, ['verdict', 'dst.port'], 'flows', 10),
    theirs(24, '-s', 'dstport/flows'),
  );
  yield await measured('histogram of a day', 2, () => store.series(day, 24 * 60_000));
  yield await measured('newest 500 flows of an hour, filtered', 2, () =>
    store.query({ ...hour, expression: deniedLogins }, { limit: 500 }),
  );
}

/** The middle of some rounds, ours and theirs in turns. */
async function measured(
  metric: string,
  goal: number,
  ours: () => Promise<unknown>,
  theirs: (() => Promise<unknown>) | null = null,
): Promise<Metric> {
  const times: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(await seconds(ours));
    if (theirs !== null) peers.push(await seconds(theirs));
  }
  return figure(metric, median(times), 's', goal, peers.length === 0 ? null : median(peers));
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await run();
  return (performance.now() - begin) / 1000;
}

function ofText(text: string): FlowExpression {
  const parsed = parseFlowQuery(text, { nowMs: END_MS });
  if ('mistake' in parsed || parsed.expression === null) throw new Error(`The filter ${text} cannot be read.`);
  return parsed.expression;
}

function figure(metric: string, value: number, unit: string, goal: number, peer: number | null = null): Metric {
  return {
    name: `flow-query: ${FLOWS.toLocaleString('en')} flows`,
    metric,
    value: Number(value.toPrecision(3)),
    unit,
    peer: peer === null ? '' : `nfdump: ${Number(peer.toPrecision(3))} ${unit}`,
    ratio: peer === null ? null : Number((value / peer).toPrecision(3)),
    goal: `≤ ${goal} ${unit}`,
    pass: value <= goal,
  };
}
