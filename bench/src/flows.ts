/**
 * Flow records all the way: the switch's datagrams of IPFIX are decoded, both directions stitched, named by the directory and stored
 * in one process, beside nfcapd writing its file from the same datagrams. The way from engine to platform is left out.
 * `HV_BENCH_FLOWS` says how many connections, of two records each, there are.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createAggregator, toSample } from '@hypervigil/engine';
import { openDuckDbStore } from '@hypervigil/flowstore';
import { startCollector } from '@hypervigil/ipfix';
import { type FlowDirectory, ingest } from '@hypervigil/platform';
import { cloudDirectory, cloudFlow } from './cloud-flows.ts';
import { sampleDatagrams, sampleTemplates } from './flow-datagrams.ts';
import { type Metric, median } from './metric.ts';
import { startNfcapd } from './nfcapd.ts';
import { cpuSeconds, sendAll } from './udp-load.ts';

const FLOWS = Number(process.env['HV_BENCH_FLOWS'] ?? 300_000);
const WARM_UP = 100_000;
const RECORDS_PER_FLOW = 2;
const ROUNDS = 3;
const DRAIN_MS = 250;
const DRAIN = 50_000;
const HOST = '00000000-0000-4000-8000-000000030000';

interface Peer {
  readonly pid: number;
  readonly port: number;
  /** Resolves when so many records were taken, and stored. */
  stored(records: number): Promise<void>;
  stop(): Promise<void>;
}

export async function* flowsBench(): AsyncGenerator<Metric> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measure(await startOurs(), memory));
    theirs.push(await measure(await startTheirs(), []));
  }
  const millions = (FLOWS * RECORDS_PER_FLOW) / 1e6;
  const [cpu, peer] = [median(ours) / millions, median(theirs) / millions];
  const name = `flows: ${(FLOWS * RECORDS_PER_FLOW).toLocaleString('en')} records`;
  const short = (value: number) => Number(value.toPrecision(3));
  const same = { name, peer: '', ratio: null };
  yield {
    ...{ ...same, metric: 'CPU of a million', value: short(cpu), unit: 's', peer: `nfcapd: ${short(peer)} s` },
    ...{ ratio: short(cpu / peer), goal: 'ratio ≤ 1.5', pass: cpu / peer <= 1.5 },
  };
  const rate = Math.round(1e6 / cpu);
  yield {
    ...{ ...same, metric: 'records a second on one core', value: rate, unit: 'records/s' },
    ...{ goal: '≥ 300,000 records/s', pass: rate >= 300_000 },
  };
  const most = Math.max(...memory);
  yield { ...same, metric: 'most memory', value: short(most), unit: 'MiB', goal: '≤ 1,024 MiB', pass: most <= 1024 };
}

/** @returns seconds of CPU of all threads until everything was stored */
async function measure(peer: Peer, memory: number[]): Promise<number> {
  const sender = createSocket('udp4');
  try {
    sender.connect(peer.port, '127.0.0.1');
    await once(sender, 'connect');
    await sendAll(sender, peer.port, [...sampleTemplates(), ...sampleDatagrams(flowsOf(0, WARM_UP))]);
    await peer.stored(WARM_UP * RECORDS_PER_FLOW);
    const before = await cpuSeconds(peer.pid);
    await sendAll(sender, peer.port, sampleDatagrams(flowsOf(WARM_UP, WARM_UP + FLOWS)));
    await peer.stored((WARM_UP + FLOWS) * RECORDS_PER_FLOW);
    memory.push(await mostMemory(peer.pid));
    return (await cpuSeconds(peer.pid)) - before;
  } finally {
    sender.close();
    await peer.stop();
  }
}

function* flowsOf(from: number, to: number) {
  const begin = Date.now();
  for (let n = from; n < to; n++) yield cloudFlow(n, begin + Math.floor(n / 100));
}

/** MiB (proc(5), VmHWM). */
async function mostMemory(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** This file again, as a process that does nothing else. */
async function startOurs(): Promise<Peer> {
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const number = async () => Number((await lines.next()).value);
  return {
    pid: child.pid!,
    port: await number(),
    async stored(records) {
      child.stdin!.write('store\n');
      const taken = await number();
      if (taken !== records) throw new Error(`${taken} of ${records} records were stored; the figures are void.`);
    },
    async stop() {
      child.stdin!.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function startTheirs(): Promise<Peer> {
  const nfcapd = await startNfcapd();
  let expected = 0;
  return {
    ...nfcapd,
    async stored(records) {
      expected = records;
    },
    async stop() {
      const taken = await nfcapd.stop();
      if (taken !== expected) throw new Error(`nfcapd kept ${taken} of ${expected} records; the figures are void.`);
    },
  };
}

async function storeUntilStdinEnds(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-flows-'));
  const store = await openDuckDbStore({ path: join(folder, 'flows.duckdb') });
  const directory: FlowDirectory = cloudDirectory();
  const aggregator = createAggregator({
    networkOf: () => 1,
    policyRevision: () => 7,
    linksOf: () => 0,
    gatewayId: () => undefined,
    steady: () => performance.now(),
  });
  let taken = 0;
  let stored = 0;
  let batch = 0;
  const collector = await startCollector({
    host: '127.0.0.1',
    port: 0,
    onRecord(record) {
      const sample = toSample(record);
      if (sample === undefined) return;
      taken++;
      aggregator.add(sample);
    },
  });
  const drain = async (): Promise<void> => {
    const records = aggregator.drain(DRAIN);
    if (records.length === 0) return;
    const told = { batch: `${batch++}`, lost: 0, records, names: [] };
    const { rows } = await ingest(store, directory, HOST, { ...told, type: 'flows' }, () => undefined);
    stored += rows.length;
    await drain();
  };
  let turn: Promise<void> | undefined;
  const flush = (): Promise<void> => {
    turn ??= drain().finally(() => {
      turn = undefined;
    });
    return turn;
  };
  const timer = setInterval(() => void flush(), DRAIN_MS);
  try {
    console.log(collector.port);
    for await (const _ of createInterface({ input: process.stdin })) {
      // One may have begun before the last came.
      await flush();
      await flush();
      console.log(stored > 0 && aggregator.takeLost() === 0 ? taken : -1);
    }
  } finally {
    clearInterval(timer);
    await collector.close();
    await turn;
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await storeUntilStdinEnds();
