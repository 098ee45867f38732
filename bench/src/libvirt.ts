/**
 * A whole inventory (list, live XML, statistics) of 1,000 domains of libvirt's test driver, through one private
 * libvirtd: this project's driver beside python3-libvirt, which is libvirt's own C client. Needs root and libvirtd.
 * Both hold one connection and are warm, as an engine that has run for a while is.
 *
 * Where the time goes, on 2 cores: the daemon takes 18 ms of CPU for the 1,000 definitions (for each some 4 context
 * switches and 5 writes, to wake its own threads), Node 6 ms, 2 of them in the garbage collector. A C program that
 * sends the same requests as prepared bytes and decodes nothing waits 12 ms, over one connection or three: that is the
 * floor. The peer waits for each answer before it asks again, so it leaves a core idle, and this side uses both: what
 * else runs on the machine costs this side more. 16 ms beside 42 (0.38) with the cores to themselves by real-time
 * scheduling, 26 beside 40 (0.65) in turns with several times more work than 2 cores can do.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectLibvirt, type DomainStats, type Libvirt } from '@hypervigil/libvirt';
import { startRealDaemon, testNodeXml } from '@hypervigil/libvirt/testing';
import { type Metric, median } from './metric.ts';

const DOMAINS = 1_000;
const ROUNDS = 25;
const WARM_UP = 20;
const GOAL = 0.5;

/** Connects beforehand and times itself, as our side does. */
const PEER = `
import libvirt, sys, time
conn = libvirt.open(sys.argv[1])
for _ in sys.stdin:
    begin = time.perf_counter()
    xml = [domain.XMLDesc() for domain in conn.listAllDomains()]
    stats = conn.getAllDomainStats()
    print((time.perf_counter() - begin) * 1000, len(xml), len(stats), flush=True)
`;

export async function* libvirtBench(): AsyncGenerator<Metric> {
  const daemon = await startRealDaemon();
  try {
    const node = join(daemon.root, 'node.xml');
    await writeFile(node, testNodeXml(DOMAINS));
    const uri = daemon.uri(`test://${node}`);
    await using ours = await connectOurs(uri);
    await using peer = startPeer(uri);
    // In turns, so that whatever else the machine does falls on both; the first turns warm both up.
    const times = { ours: [] as number[], peer: [] as number[] };
    for (let turn = -WARM_UP; turn < ROUNDS; turn++) {
      const [ourMs, peerMs] = [await ours.inventory(), await peer.inventory()];
      if (turn < 0) continue;
      times.ours.push(ourMs);
      times.peer.push(peerMs);
    }
    const ratio = median(times.ours) / median(times.peer);
    yield {
      name: 'libvirt',
      metric: `inventory of ${DOMAINS} domains`,
      value: round(median(times.ours), 1),
      unit: 'ms',
      peer: `python3-libvirt ${round(median(times.peer), 1)} ms`,
      ratio: round(ratio, 3),
      goal: `<= ${GOAL} of the peer's time`,
      pass: ratio <= GOAL,
    };
  } finally {
    await daemon.stop();
  }
}

interface Side extends AsyncDisposable {
  /** Milliseconds of one whole inventory. */
  inventory(): Promise<number>;
}

async function connectOurs(uri: string): Promise<Side> {
  const libvirt = await connectLibvirt(uri);
  return {
    inventory: async () => {
      const begin = performance.now();
      const [xml, stats] = await readAll(libvirt);
      const elapsed = performance.now() - begin;
      expectWhole(xml.length, stats.length);
      return elapsed;
    },
    [Symbol.asyncDispose]: () => libvirt.close(),
  };
}

/** The statistics need no list, so they are asked for beside it. */
function readAll(libvirt: Libvirt): Promise<[string[], DomainStats[]]> {
  return Promise.all([readDefinitions(libvirt), libvirt.allDomainStats()]);
}

async function readDefinitions(libvirt: Libvirt): Promise<string[]> {
  const domains = await libvirt.listDomains();
  return Promise.all(domains.map((domain) => libvirt.domainXml(domain)));
}

function startPeer(uri: string): Side {
  // The distribution's interpreter: the module belongs to it.
  const child: ChildProcessWithoutNullStreams = spawn('/usr/bin/python3', ['-c', PEER, uri]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    inventory: async () => {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('python3-libvirt ended; is python3-libvirt installed?');
      const [ms, xml, stats] = String(value).split(' ').map(Number);
      expectWhole(xml, stats);
      return ms!;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

function expectWhole(xml: number | undefined, stats: number | undefined): void {
  if (xml !== DOMAINS || stats !== DOMAINS) throw new Error(`an inventory of ${xml} definitions, ${stats} statistics`);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
