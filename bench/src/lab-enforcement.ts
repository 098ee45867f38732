/**
 * How long a published rule takes until packets follow it, through the whole product: the platform's API, its channel,
 * two hosts' engines, their switches, and a stream of packets from a guest of the one to a guest of the other.
 * The destination's port tells when each packet arrived, by the kernel's one monotonic clock. Needs root.
 */

import { readFile } from 'node:fs/promises';
import type { Client } from '@hypervigil/contract';
import {
  addressOf,
  cloudUp,
  everyHostEnforces,
  hostOf,
  type Lab,
  labClient,
  labDown,
  labState,
  locateLab,
  readCloudOptions,
  spawnInHost,
  startInGuest,
  udpFrame,
  virsh,
  waitFor,
} from '@hypervigil/lab';
import { ANYONE } from '@hypervigil/model';

/** Milliseconds from the call that publishes, one of each round. */
export interface LabEnforcement {
  /** Until the first packet of what is newly allowed arrives. */
  readonly allowed: readonly number[];
  /** Until the last packet of what is no longer allowed arrives. */
  readonly revoked: readonly number[];
}

const CLOUD = { id: 'hvbench', port: '18190' };
const [SENDER, RECEIVER] = ['shop1', 'web1'] as const;
const PORT = 4321;
const MARKER = 'hv-bench-probe';
const EVERY_S = 0.005;
/** More packets than the rounds take, so that the stream ends by itself when nobody ends it. */
const PACKETS = 100_000;
/** Without a packet for this long, dozens were withheld. */
const SILENCE_MS = 500;
const WAIT = { timeoutMs: 30_000, everyMs: 20 };
const QUIET = { onStep: () => {}, close: () => {} };

export async function measureLabEnforcement(rounds: number): Promise<LabEnforcement> {
  const { id } = CLOUD;
  // What an interrupted run may have left.
  await labDown({ id });
  try {
    await cloudUp(readCloudOptions([], CLOUD), QUIET);
    const lab = locateLab({ id });
    const arrivals = await watchArrivals(lab);
    await startStream(lab);
    return await alternate(labClient(lab), probeRule(lab), arrivals, rounds);
  } finally {
    await labDown({ id });
  }
}

/** When packets of the stream arrived, in milliseconds of `now`'s clock. */
type Arrivals = () => Promise<readonly number[]>;

/** CLOCK_MONOTONIC, as Python's `time.monotonic_ns`. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Begins with what is allowed, so that packets that come again after each silence show that the stream never ended. */
async function alternate(client: Client, rule: ProbeRule, arrivals: Arrivals, rounds: number): Promise<LabEnforcement> {
  const allowed: number[] = [];
  const revoked: number[] = [];
  const hosts = (await client.listHosts({ query: {} })).total;
  const publish = async (): Promise<number> => {
    const { draftRevision } = await client.getPolicyStatus();
    const begin = now();
    await client.publishPolicy({ body: { draftRevision, comment: '' } });
    return begin;
  };
  const allow = async (): Promise<{ policyId: string; tookMs: number }> => {
    const { id: policyId } = await client.createPolicy({ body: rule });
    const begin = await publish();
    const first = await waitFor('an allowed packet', async () => (await arrivals()).find((at) => at > begin), WAIT);
    await everyHostEnforces(client, hosts);
    return { policyId, tookMs: first - begin };
  };
  const revoke = async (policyId: string): Promise<number> => {
    await client.deletePolicy({ params: { id: policyId } });
    const begin = await publish();
    const last = async () => (await arrivals()).at(-1)!;
    const silent = async () => now() - Math.max(begin, await last()) > SILENCE_MS;
    await waitFor('silence of what is revoked', silent, WAIT);
    await everyHostEnforces(client, hosts);
    return Math.max(0, (await last()) - begin);
  };
  let { policyId } = await allow();
  for (let round = 0; round < rounds; round++) {
    revoked.push(await revoke(policyId));
    const again = await allow();
    allowed.push(again.tookMs);
    policyId = again.policyId;
  }
  return { allowed, revoked };
}

type ProbeRule = ReturnType<typeof probeRule>;

/** What the isolation of tenants denies otherwise. */
function probeRule(lab: Lab) {
  const { vms } = labState(lab);
  const peer = (name: string) => ({ ...ANYONE, cidrs: [addressOf(vms[name]!.spec.ipv4)] });
  const rule = {
    name: 'Probe',
    enabled: true,
    action: 'allow' as const,
    from: peer(SENDER),
    to: peer(RECEIVER),
    services: [{ protocol: 'udp' as const, ports: [String(PORT)] }],
    log: true,
    comment: '',
  };
  const tier = 'platform' as const;
  return { name: 'Probe', description: '', tier, tenantId: null, order: 5, enabled: true, rules: [rule] };
}

async function startStream(lab: Lab): Promise<void> {
  const { vms } = labState(lab);
  const [from, to] = [vms[SENDER]!.spec, vms[RECEIVER]!.spec];
  const frame = udpFrame(
    { from: from.mac, to: to.mac },
    {
      source: addressOf(from.ipv4),
      target: addressOf(to.ipv4),
      sourcePort: PORT,
      targetPort: PORT,
      data: MARKER,
    },
  );
  const send = `echo ${frame.toString('hex')} | exec perl /lab/frames.pl send eth0 ${PACKETS} ${EVERY_S}`;
  await startInGuest(lab, SENDER, ['sh', '-c', send], '/dev/null');
}

/** Listens where the destination's host hands packets to its guest. */
async function watchArrivals(lab: Lab): Promise<Arrivals> {
  const host = await hostOf(lab, RECEIVER);
  const tap = (await virsh(lab, host, ['domiflist', RECEIVER])).split(/\s+/).find((word) => /^vnet\d+$/.test(word));
  if (tap === undefined) throw new Error(`${RECEIVER} has no interface on ${host}`);
  const argv = ['python3', '-c', WATCH, tap, MARKER];
  const { logFile } = await spawnInHost(lab, host, argv, { name: `${host}/arrivals` });
  // Each line whole: the last may still be being written.
  const lines = async () => (await readFile(logFile, 'utf8')).split('\n').slice(0, -1);
  await waitFor('the destination is watched', async () => (await lines())[0] === 'watching', WAIT);
  return async () => (await lines()).slice(1).map((nanoseconds) => Number(BigInt(nanoseconds)) / 1e6);
}

/** Of packet(7): what a host sends on its end of a tap is what the guest receives (PACKET_OUTGOING, 4). */
const WATCH = `
import socket, sys, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
s.bind((sys.argv[1], 0))
marker = sys.argv[2].encode()
print("watching", flush=True)
while True:
    frame, sender = s.recvfrom(2048)
    if sender[2] == 4 and marker in frame: print(time.monotonic_ns(), flush=True)
`;
