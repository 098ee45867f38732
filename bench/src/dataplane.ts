/**
 * What protection costs a packet: throughput and latency between two namespaces through the compiled pipeline, beside
 * the same bridge with `actions=NORMAL`. In turns on one switch, so that whatever else the machine does falls on both.
 * Needs root, Open vSwitch, iperf3 and Python.
 */

import { parseCommand } from '@hypervigil/engine';
import { startCollector } from '@hypervigil/ipfix';
import type { HostIntent } from '@hypervigil/model';
import { type FlowSpec, type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { COLLECTOR_SET, compilePipeline } from '@hypervigil/pipeline';
import { type Metric, median } from './metric.ts';
import { createWire, type Wire, type WireEnd } from './wire.ts';

const ROUNDS = 7;
const SECONDS = 1;
const EXCHANGES = 2_000;
const GOAL = 0.95;
const ENDS = [1, 2].map(
  (n): WireEnd => ({
    ofport: n,
    ifaceId: `00000000-0000-4000-8000-00000000000${n}`,
    mac: `52:54:00:00:00:0${n}`,
    ipv4: `10.0.0.${n}`,
  }),
) as [WireEnd, WireEnd];

/** One tenant's two vNICs, and rules enough that the tables are not empty. */
const INTENT: HostIntent = {
  revision: 1,
  policyRevision: 1,
  networks: [{ num: 1, id: '00000000-0000-4000-a000-000000000001', vlan: null }],
  tenants: [{ num: 1, id: '00000000-0000-4000-b000-000000000001', intraTenant: 'deny' }],
  vnics: ENDS.map(({ ifaceId, mac, ipv4 }, n) => ({
    num: n + 1,
    id: ifaceId,
    vmId: ifaceId.replace('-8000-', '-9000-'),
    network: 1,
    tenant: 1,
    mac,
    ipv4: [ipv4],
    ipv6: [],
  })),
  sets: [{ num: 1, tenant: null, members: ENDS.map(({ ipv4 }) => ({ network: 1, cidr: ipv4 })) }],
  rules: Array.from({ length: 50 }, (_, n) => ({
    num: 100 + n,
    key: `rule-${n}`,
    order: n,
    tier: 'platform' as const,
    tenant: null,
    action: 'allow' as const,
    from: [1],
    to: [1],
    services:
      n < 49
        ? [{ family: 'ip' as const, protocol: 6, ports: { first: 10_000 + n, last: 10_000 + n }, icmp: null }]
        : [],
    log: false,
  })),
};

const NORMAL: FlowSpec[] = [{ table: 0, priority: 0, cookie: 0n, match: '', actions: 'NORMAL' }];
const ours = (establishedProbability: number): FlowSpec[] =>
  compilePipeline({
    intent: INTENT,
    ports: ENDS.map(({ ofport }, n) => ({ ofport, vnicNum: n + 1, active: true })),
    uplink: null,
    options: { establishedProbability },
  });

/** How many of 65,535 packets of established connections are counted: all, what engines do unless told, fewer, none. */
const PROBABILITIES = new Map([
  ['every packet counted', 65_535],
  [`default, ${defaultProbability()}/65535 counted`, defaultProbability()],
  ['66/65535 counted', 66],
  ['none counted', 0],
]);

function defaultProbability(): number {
  const command = parseCommand(['run'], {});
  if (command.name !== 'run') throw new Error('an engine that does not run has no default');
  return command.config.establishedProbability;
}

export async function* dataplaneBench(): AsyncGenerator<Metric> {
  const wire = await createWire(ENDS);
  const collector = await startCollector({ host: '127.0.0.1', port: 0, onRecord: () => {} });
  let sw: OvsSwitch | undefined;
  try {
    const { ovsdbSocket, runDir, bridge } = wire;
    sw = await openSwitch({ ovsdbSocket, runDir, bridge });
    await sw.ensureIpfix({ target: `127.0.0.1:${collector.port}`, collectorSetId: COLLECTOR_SET, activeTimeoutS: 1 });
    wire.startAt(1, 'iperf3', '--server');
    wire.startAt(1, 'python3', '-c', ECHO);
    const candidates = [
      { name: 'normal', flows: NORMAL },
      ...[...PROBABILITIES].map(([name, probability]) => ({ name, flows: ours(probability) })),
    ];
    const throughput = await inTurns(sw, candidates, () => gigabitsPerSecond(wire));
    const latency = await inTurns(sw, candidates, () => roundTripMicroseconds(wire));
    for (const { name } of candidates.slice(1)) {
      yield compare(`throughput, ${name}`, 'Gbit/s', throughput, name, (mine, peer) => mine / peer);
      yield compare(`latency, ${name}`, 'µs', latency, name, (mine, peer) => peer / mine);
    }
  } finally {
    await sw?.close();
    await collector.close();
    await wire.remove();
  }
}

interface Candidate {
  readonly name: string;
  readonly flows: readonly FlowSpec[];
}

async function inTurns(
  sw: OvsSwitch,
  candidates: readonly Candidate[],
  measure: () => Promise<number>,
): Promise<Map<string, number[]>> {
  const values = new Map(candidates.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const { name, flows } of candidates) {
      await sw.flows.apply(flows);
      await sw.conntrack.flush({});
      const value = await measure();
      if (round >= 0) values.get(name)!.push(value);
    }
  }
  return values;
}

async function gigabitsPerSecond(wire: Wire): Promise<number> {
  const said = await wire.at(0, 'iperf3', '--client', ENDS[1].ipv4, '--time', String(SECONDS), '--json');
  const { end } = JSON.parse(said) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}

/** Of one UDP packet there and back, the median of many. Python, because the interpreter that measures adds least. */
async function roundTripMicroseconds(wire: Wire): Promise<number> {
  return Number(await wire.at(0, 'python3', '-c', ASK, ENDS[1].ipv4, String(EXCHANGES)));
}

const ECHO = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 7))
while True: s.sendto(*s.recvfrom(64))
`;

const ASK = `
import socket, statistics, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(1)
s.connect((sys.argv[1], 7))
def once():
    begin = time.perf_counter_ns()
    s.send(b"x" * 64)
    s.recv(64)
    return time.perf_counter_ns() - begin
for _ in range(50): once()
print(statistics.median(once() for _ in range(int(sys.argv[2]))) / 1000)
`;

function compare(
  metric: string,
  unit: string,
  values: ReadonlyMap<string, readonly number[]>,
  name: string,
  ratioOf: (mine: number, peer: number) => number,
): Metric {
  const [ours, normal] = [values.get(name)!, values.get('normal')!];
  const [mine, peer] = [median(ours), median(normal)];
  // Of each round by itself: what slows the machine for a while slows both sides of it.
  const ratio = median(ours.map((value, n) => ratioOf(value, normal[n]!)));
  return {
    name: 'dataplane',
    metric,
    value: round(mine),
    unit,
    peer: `actions=NORMAL: ${round(peer)} ${unit}`,
    ratio: round(ratio),
    goal: `≥ ${GOAL}`,
    pass: ratio >= GOAL,
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
