import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import {
  ELEMENT,
  encodeMessage,
  type FieldSpec,
  type SetSpec,
  startCollector,
  type TemplateSpec,
} from '@hypervigil/ipfix';
import { type Metric, median } from './metric.ts';
import { startNfcapd } from './nfcapd.ts';
import { cpuSeconds, type Load, type Receiver, send } from './udp-load.ts';

const ROUNDS = 3;

/**
 * Records read per second of CPU, beside nfcapd (nfdump) on the same datagrams, in turns. Ours decodes every field that
 * the product uses and hands the record to a callback; nfcapd decodes and writes to its file. Two shapes of traffic:
 * full datagrams as routers and softflowd send them, and one record a datagram as Open vSwitch does.
 */
export async function* ipfixBench(): AsyncGenerator<Metric> {
  yield await compare('full datagrams', fullDatagrams(), 60_000);
  yield await compare('Open vSwitch, a record a datagram', await openVswitchDatagrams(), 200_000);
}

async function compare(name: string, load: Load, datagrams: number): Promise<Metric> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await measure(startOurs, load, datagrams));
    theirs.push(await measure(startNfcapd, load, datagrams));
  }
  const value = Math.round(median(ours));
  const ratio = value / median(theirs);
  return {
    name: `ipfix: ${name}`,
    metric: 'records per CPU second',
    value,
    unit: 'records/s',
    peer: `nfcapd: ${Math.round(median(theirs))} records/s`,
    ratio: Number(ratio.toFixed(2)),
    goal: 'ratio >= 1.0',
    pass: ratio >= 1,
  };
}

/** @returns records per second of CPU */
async function measure(start: () => Promise<Receiver>, load: Load, datagrams: number): Promise<number> {
  const receiver = await start();
  const sender = createSocket('udp4');
  try {
    sender.connect(receiver.port, '127.0.0.1');
    await once(sender, 'connect');
    // What happens once is not the question: compilation of hot functions, the first file, the first template.
    await send(sender, receiver.port, load, datagrams / 4);
    const before = await cpuSeconds(receiver.pid);
    await send(sender, receiver.port, load, datagrams);
    const cpu = (await cpuSeconds(receiver.pid)) - before;
    const taken = await receiver.stop();
    const expected = (datagrams + datagrams / 4) * load.records;
    if (taken !== expected) throw new Error(`The collector took ${taken} of ${expected} records; the figure is void.`);
    return (datagrams * load.records) / cpu;
  } finally {
    sender.close();
  }
}

/** This file again, as a process that does nothing but collect. */
async function startOurs(): Promise<Receiver> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = linesOf(child);
  const port = Number(await lines.next());
  return {
    pid: child.pid!,
    port,
    async stop() {
      child.stdin!.end();
      return Number(await lines.next());
    },
  };
}

function linesOf(child: ChildProcess): { next(): Promise<string> } {
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return {
    async next() {
      while (!text.includes('\n')) await once(child.stdout!, 'data');
      const [line = ''] = text.split('\n', 1);
      text = text.slice(line.length + 1);
      return line;
    },
  };
}

async function collectUntilStdinEnds(): Promise<void> {
  let octets = 0;
  const collector = await startCollector({
    host: '127.0.0.1',
    port: 0,
    onRecord: (record) => {
      octets += record.bytes;
    },
  });
  console.log(collector.port);
  process.stdin.resume();
  await once(process.stdin, 'end');
  const { records } = await collector.stats();
  await collector.close();
  if (octets === 0) throw new Error('No flow had octets.');
  console.log(records);
}

const field = (id: number, length: number): FieldSpec => ({ id, length, enterprise: 0 });

/** softflowd's template for IPv4, about. */
const CLASSIC: TemplateSpec = {
  id: 1024,
  fields: [
    field(ELEMENT.sourceIPv4Address, 4),
    field(ELEMENT.destinationIPv4Address, 4),
    field(ELEMENT.flowStartMilliseconds, 8),
    field(ELEMENT.flowEndMilliseconds, 8),
    field(ELEMENT.octetDeltaCount, 4),
    field(ELEMENT.packetDeltaCount, 4),
    field(ELEMENT.ingressInterface, 4),
    field(ELEMENT.egressInterface, 4),
    field(ELEMENT.sourceTransportPort, 2),
    field(ELEMENT.destinationTransportPort, 2),
    field(ELEMENT.protocolIdentifier, 1),
    field(ELEMENT.tcpControlBits, 1),
    field(ELEMENT.ipVersion, 1),
  ],
};

function classicRecord(index: number): number[] {
  const start = 1_768_478_400_000 + index;
  return [
    0x0a000001 + (index % 250),
    0x0a000101,
    start,
    start + 900,
    1500,
    7,
    1,
    2,
    40_000 + (index % 9000),
    443,
    6,
    27,
    4,
  ];
}

const EXPORT_MS = 1_768_478_500_000;

/** As routers and softflowd send them: 28 records in 1,364 octets. */
function fullDatagrams(): Load {
  const records = Array.from({ length: 28 }, (_, index) => classicRecord(index));
  const message = (set: SetSpec) =>
    encodeMessage({ version: 10, exportMs: EXPORT_MS, sequence: 0, domain: 1, sets: [set] });
  return {
    records: records.length,
    templates: [message({ kind: 'templates', templates: [CLASSIC] })],
    data: message({ kind: 'data', template: CLASSIC, records }),
  };
}

/** A TCP flow as Open vSwitch 3.1 sends it, after its 18 datagrams of templates. */
async function openVswitchDatagrams(): Promise<Load> {
  const file = new URL('../../drivers/ipfix/testdata/openvswitch-3.1.hex', import.meta.url);
  const messages = (await readFile(file, 'utf8')).trim().split('\n');
  const decoded = messages.map((line) => Buffer.from(line, 'hex'));
  return { records: 1, templates: decoded.slice(0, 18), data: decoded[20]! };
}

if (import.meta.main) await collectUntilStdinEnds();
