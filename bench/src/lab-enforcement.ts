/**
 * How long a published rule takes until packets follow it, through the whole product: the platform's API, its channel,
 * two hosts' engines, their switches, and a stream of packets from a guest of the one to a guest of the other.
 * The destination's port tells when each packet arrived, by the kernel's one monotonic clock. Needs root.
 */

import type { Client } from '@hypervigil/contract';
import {
  addressOf,
  cloudUp,
  everyHostEnforces,
  type Lab,
  labClient,
  labDown,
  labState,
  locateLab,
  readCloudOptions,
  waitFor,
} from '@hypervigil/lab';
import { ANYONE } from '@hypervigil/model';
import { type Arrivals, now, type Stream, startStream, watchArrivals } from './lab-stream.ts';

/** Milliseconds from the call that publishes, one of each round. */
export interface LabEnforcement {
  /** Until the first packet of what is newly allowed arrives. */
  readonly allowed: readonly number[];
  /** Until the last packet of what is no longer allowed arrives. */
  readonly revoked: readonly number[];
}

const CLOUD = { id: 'hvbench', port: '18190' };
const STREAM: Stream = { from: 'shop1', to: 'web1', port: 4321 };
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
    const arrivals = await watchArrivals(lab, STREAM);
    await startStream(lab, STREAM);
    return await alternate(labClient(lab), probeRule(lab), arrivals, rounds);
  } finally {
    await labDown({ id });
  }
}

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
    from: peer(STREAM.from),
    to: peer(STREAM.to),
    services: [{ protocol: 'udp' as const, ports: [String(STREAM.port)] }],
    log: true,
    comment: '',
  };
  const tier = 'platform' as const;
  return { name: 'Probe', description: '', tier, tenantId: null, order: 5, enabled: true, rules: [rule] };
}
