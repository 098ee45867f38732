/**
 * How long traffic of a rule that fails open is interrupted when its gateway is lost: a gateway whose process is killed,
 * and one that stands still, which only the silence of the data path shows. Two hundred packets a second from a guest of
 * one host to one of the other, through the whole product. Needs root.
 */
import type { Client } from '@hypervigil/contract';
import {
  addressOf,
  cloudUp,
  ensureGateways,
  everyHostEnforces,
  type GatewayVm,
  gatewaysUp,
  gatewayVms,
  holdGateway,
  inspectRule,
  killGateway,
  type Lab,
  labClient,
  labDown,
  labState,
  locateLab,
  readCloudOptions,
  releaseGateway,
  steeredPackets,
  waitFor,
} from '@hypervigil/lab';
import { ANYONE } from '@hypervigil/model';
import { type Arrivals, now, type Stream, startStream, watchArrivals } from './lab-stream.ts';
import { type Metric, median } from './metric.ts';

const CLOUD = { id: 'hvbench', port: '18190' };
const QUIET = { onStep: () => {}, close: () => {} };
/** The receiver's host inspects. */
const HOST = 'h1';
const STREAM: Stream = { from: 'app1', to: 'db1', port: 4321 };
const ROUNDS = 3;
const GOAL_MS = 1_000;
const LONG = { timeoutMs: 240_000, everyMs: 50 };

export async function* failoverBench(): AsyncGenerator<Metric> {
  const { id } = CLOUD;
  // What an interrupted run may have left.
  await labDown({ id });
  try {
    await cloudUp(readCloudOptions([], CLOUD), QUIET);
    yield* measure(locateLab({ id }));
  } finally {
    await labDown({ id });
  }
}

/** On a lab that is up, with gateways that stay. */
async function* measure(lab: Lab): AsyncGenerator<Metric> {
  const client = labClient(lab);
  const groupId = await ensureGateways(lab, client);
  await inspect(lab, client, groupId);
  const arrivals = await watchArrivals(lab, STREAM);
  await startStream(lab, STREAM);
  const ways = {
    killed: killGateway,
    'stands still': (gateway: GatewayVm) => holdGateway(lab, gateway),
  };
  const starts: number[] = [];
  for (const [how, lose] of Object.entries(ways)) {
    const interruptions: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await steers(lab);
      const [gateway] = await gatewayVms(lab, [HOST]);
      const lost = now();
      await lose(gateway!);
      const missed = async () => (await client.listGateways()).items.some(({ report }) => report?.phase !== 'up');
      await waitFor('the gateway is missed', missed, LONG);
      if (how === 'stands still') await releaseGateway(lab, gateway!);
      await gatewaysUp(client, groupId);
      if (how === 'killed') starts.push(now() - lost);
      interruptions.push(await longestPause(arrivals, lost));
    }
    yield figure(`gateway ${how}: interruption of a rule that fails open, median`, median(interruptions), GOAL_MS);
    yield figure(
      `gateway ${how}: interruption of a rule that fails open, longest`,
      Math.max(...interruptions),
      GOAL_MS,
    );
  }
  // As long as a machine takes that emulates the gateway's processor.
  yield figure('gateway killed: until packets pass the one that takes its place, median', median(starts), 30_000);
}

async function inspect(lab: Lab, client: Client, groupId: string): Promise<void> {
  const { hosts, vms } = labState(lab);
  const to = { ...ANYONE, cidrs: [addressOf(vms[STREAM.to]!.spec.ipv4)] };
  const service = { protocol: 'udp' as const, ports: [String(STREAM.port)] };
  const rules = [inspectRule(groupId, { to, service, onFailure: 'open' })];
  const policy = {
    name: 'Stream',
    description: '',
    tier: 'platform' as const,
    tenantId: null,
    order: 5,
    enabled: true,
  };
  await client.createPolicy({ body: { ...policy, rules } });
  const { draftRevision } = await client.getPolicyStatus();
  await client.publishPolicy({ body: { draftRevision, comment: '' } });
  await everyHostEnforces(client, hosts.length);
}

/** Waits until the stream goes through the gateway. */
async function steers(lab: Lab): Promise<void> {
  const before = await steeredPackets(lab, HOST);
  await waitFor(
    'the stream goes through the gateway',
    async () => (await steeredPackets(lab, HOST)) > before + 100,
    LONG,
  );
}

/** The longest time between two arrivals, one of which is later than `since`. */
async function longestPause(arrivals: Arrivals, since: number): Promise<number> {
  const times = await arrivals();
  const pauses = times.flatMap((at, n) => (at > since && n > 0 ? [at - times[n - 1]!] : []));
  return Math.max(...pauses);
}

const figure = (metric: string, value: number, goal: number): Metric => ({
  name: 'failover',
  metric,
  value: Math.round(value),
  unit: 'ms',
  peer: '',
  ratio: null,
  goal: `≤ ${goal} ms`,
  pass: value <= goal,
});
