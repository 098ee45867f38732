/**
 * What protection costs a packet: throughput and latency between two namespaces through the compiled pipeline, beside
 * the same bridge with `actions=NORMAL`. In turns on one switch, so that whatever else the machine does falls on both.
 * Needs root, Open vSwitch, iperf3 and Python.
 */

import { exportTo, parseCommand } from '@hypervigil/engine';
import { startCollector } from '@hypervigil/ipfix';
import { type HostIntent, INTENT_RULE_DEFAULTS, type IntentRule } from '@hypervigil/model';
import { type FlowSpec, type OvsSwitch, openSwitch } from '@hypervigil/ovs';
import { createPipeline, type MeterSpec } from '@hypervigil/pipeline';
import type { Metric } from './metric.ts';
import { type Ovn, startOvn } from './ovn.ts';
import { compare as compareBy, ECHO, race } from './race.ts';
import { createWire, ENDS, type Wire } from './wire.ts';

const GOAL = 0.95;
/** Where the servers are. */
const TARGET = ENDS[1].ipv4;
const compare = compareBy('dataplane', GOAL);

/** One tenant's two vNICs, and rules enough that the tables are not empty. */
const INTENT: HostIntent = {
  revision: 1,
  policyRevision: 1,
  networks: [{ num: 1, id: '00000000-0000-4000-a000-000000000001', vlan: null, maxConnections: null }],
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
    quarantined: false,
  })),
  sets: [{ num: 1, tenant: null, members: ENDS.map(({ ipv4 }) => ({ network: 1, cidr: ipv4 })) }],
  staged: [],
  limits: [],
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
    ...INTENT_RULE_DEFAULTS,
  })),
};

const NORMAL: FlowSpec[] = [{ table: 0, priority: 0, cookie: 0n, match: '', actions: 'NORMAL' }];

/** Rules that would deny all of it, before the others: each packet is judged twice and has two reports. */
const WATCHED: HostIntent = {
  ...INTENT,
  staged: INTENT.rules.map((rule) => ({
    ...rule,
    num: 200 + rule.num,
    key: `staged-${rule.key}`,
    order: -1,
    action: 'deny',
  })),
};

/** Rules that ask for another recording than what hosts do of themselves (docs/adr/0011-log-and-sampling.md). */
const recording = (change: Partial<IntentRule>): HostIntent => ({
  ...INTENT,
  rules: INTENT.rules.map((rule) => ({ ...rule, ...change })),
});
const RECORDINGS = new Map([
  ['rules that log', recording({ log: true })],
  ['rules that log one connection in 1,000', recording({ log: true, logSampling: 1_000 })],
  ['rules that record nothing', recording({ logSampling: 0 })],
]);

/** Limits of every kind, on every vNIC and rule, that nothing here comes near: each packet passes its meters. */
const WIDE = { kbps: 400_000_000, burstKbit: null };
const MANY = { perSecond: 1_000_000, burst: null };
const LIMITED: HostIntent = {
  ...INTENT,
  limits: [
    {
      ...{ num: 1, vmIds: [], sets: null, networks: [], tenants: [] },
      ...{ bandwidthOut: WIDE, bandwidthIn: WIDE, newOut: MANY, newIn: MANY, open: 1_000_000 },
    },
  ],
};
const RULES_LIMITED: HostIntent = {
  ...LIMITED,
  rules: INTENT.rules.map((rule) => ({ ...rule, limits: { bandwidth: WIDE, newConnections: MANY, open: 1_000_000 } })),
};

const LIMITS = new Map([
  ['default, with limits of both vNICs', LIMITED],
  ['default, with limits of both vNICs and of every rule', RULES_LIMITED],
]);

interface Program {
  readonly flows: readonly FlowSpec[];
  readonly meters?: readonly MeterSpec[];
}

function ours(establishedProbability: number, intent = INTENT): Program {
  const ports = ENDS.map(({ ofport }, n) => ({ ofport, vnicNum: n + 1, active: true }));
  const pipeline = createPipeline({ intent, ports, uplink: null, options: { establishedProbability } });
  return { flows: pipeline.flows(), meters: pipeline.meters() };
}

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
  const track = await startTrack();
  try {
    const candidates = [
      { name: 'normal', at: fromClient(track), begin: () => track.enforce({ flows: NORMAL }) },
      ...[...PROBABILITIES].map(([name, probability]) => {
        return { name, at: fromClient(track), begin: () => track.enforce(ours(probability)) };
      }),
      ...[...RECORDINGS].map(([name, intent]) => {
        return { name, at: fromClient(track), begin: () => track.enforce(ours(defaultProbability(), intent)) };
      }),
      {
        name: 'default, and as many staged rules',
        at: fromClient(track),
        begin: () => track.enforce(ours(defaultProbability(), WATCHED)),
      },
      ...[...LIMITS].map(([name, intent]) => {
        return { name, at: fromClient(track), begin: () => track.enforce(ours(defaultProbability(), intent)) };
      }),
    ];
    const results = await race(candidates, TARGET);
    for (const { name } of candidates.slice(1))
      yield* compare(results, name, { name: 'normal', title: 'actions=NORMAL' });
  } finally {
    await track.remove();
  }
}

/** The same rules as ACLs of OVN's, on a switch of its own. */
export async function* dataplaneBesideOvn(): AsyncGenerator<Metric> {
  const [mine, theirs] = [await startTrack(), await startTrack()];
  let ovn: Ovn | undefined;
  try {
    ovn = await startOvn({ ...theirs.wire, datapathType: 'netdev' });
    await ovn.addPorts(ENDS.map(({ ifaceId, mac, ipv4 }) => ({ name: ifaceId, mac, ipv4 })));
    await ovn.nbctl('pg-add', 'all', ...ENDS.map(({ ifaceId }) => ifaceId));
    const acl = (priority: number, match: string, verdict: string) =>
      ovn!.nbctl(
        '--type=port-group',
        'acl-add',
        'all',
        'to-lport',
        String(priority),
        `outport == @all && ${match}`,
        verdict,
      );
    for (const { order, services } of INTENT.rules) {
      const [service] = services;
      const port = service?.ports ? ` && tcp.dst == ${service.ports.first}` : '';
      await acl(1_000 - order, `ip4 && ip4.src == $all_ip4${port}`, 'allow-related');
    }
    await acl(1, 'ip', 'drop');
    await ovn.nbctl('--wait=hv', 'sync');
    const name = 'default';
    const begin = () => mine.enforce(ours(defaultProbability()));
    const results = await race(
      [
        { name, at: fromClient(mine), begin },
        { name: 'ovn', at: fromClient(theirs), begin: async () => {} },
      ],
      TARGET,
    );
    yield* compare(results, name, { name: 'ovn', title: 'OVN with as many ACLs' });
  } finally {
    await ovn?.remove();
    for (const track of [mine, theirs]) await track.remove();
  }
}

/** A wire with servers at its other end, and flows that export samples. */
interface Track {
  readonly wire: Wire;
  enforce(program: Program): Promise<void>;
  remove(): Promise<void>;
}

const fromClient =
  ({ wire }: Track) =>
  (...argv: readonly string[]) =>
    wire.at(0, ...argv);

async function startTrack(): Promise<Track> {
  const wire = await createWire(ENDS);
  const collector = await startCollector({ host: '127.0.0.1', port: 0, onRecord: () => {} });
  let sw: OvsSwitch | undefined;
  const remove = async (): Promise<void> => {
    await sw?.close();
    await collector.close();
    await wire.remove();
  };
  try {
    const opened = await openSwitch(wire);
    sw = opened;
    const target = `127.0.0.1:${collector.port}`;
    await exportTo(sw, target);
    wire.startAt(1, 'iperf3', '--server');
    wire.startAt(1, 'python3', '-c', ECHO);
    return {
      wire,
      async enforce({ flows, meters }) {
        await opened.flows.apply(flows, meters);
        await opened.conntrack.flush({});
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
