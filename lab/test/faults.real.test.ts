import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Client } from '@hypervigil/contract';
import type { HealthItem } from '@hypervigil/model';
import { everyHostEnforces } from '../src/cloud/engines.ts';
import { labClient } from '../src/cloud/up.ts';
import { platformPolicy } from '../src/cloud/verify.ts';
import { guestOk, hostOf, type Lab, labState, locateLab, waitFor } from '../src/index.ts';
import { httpStatus } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { createFakeClock, type FakeClock } from './support/fake-clock.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { assertLeavesNothing, discard } from './support/scratch-lab.ts';
import { WAIT, type Witness, witnessOf } from './support/witness.ts';

/** What befalls a machine rather than a program: its clock is set, its disk is full. */
let cloud: ScratchCloud;
let lab: Lab;
let client: Client;
let witness: Witness;

before(async () => {
  cloud = await scratchCloud('f');
  await cloud.up();
  lab = locateLab({ id: cloud.where.id });
  client = labClient(lab);
  witness = witnessOf(lab);
});
after(async () => {
  await discard(cloud.where);
  for (const clock of clocks) clock.remove();
});
/** Each outlives its test: programs run under it until the end. */
const clocks: FakeClock[] = [];
const fakeClock = (): FakeClock => {
  const clock = createFakeClock(lab);
  clocks.push(clock);
  return clock;
};

const HOUR_S = 3600;
const HOUR_MS = HOUR_S * 1000;
const address = (vm: string, family: 'ipv4' | 'ipv6' = 'ipv4') => addressOf(labState(lab).vms[vm]!.spec[family]);
const hostNamed = async (name: string) =>
  (await client.listHosts({ query: {} })).items.find((host) => host.name === name)!;
const healthOf = async (host: string, item: HealthItem['name']) =>
  (await hostNamed(host)).health.find(({ name }) => name === item);
const everyoneEnforces = () => everyHostEnforces(client, labState(lab).hosts.length);
const iso = (ms: number) => new Date(ms).toISOString();

/** Waits until a host says that its clock is so far ahead of the platform's, give or take half a minute. */
async function saysSkew(host: string, expectedMs: number): Promise<void> {
  let item: HealthItem | undefined;
  const isSo = async () => {
    item = await healthOf(host, 'clock');
    const near = Math.abs(Number(item?.params['skewMs']) - expectedMs) < 30_000;
    return near && item?.code === (expectedMs === 0 ? 'ok' : 'skewed');
  };
  await waitFor(`${host} says that its clock is ${expectedMs} ms ahead`, isSo, WAIT).catch((cause: unknown) =>
    assert.fail(`${cause}; it says ${JSON.stringify(item)}`),
  );
}

/** How often each host's engine has found its platform. */
const sessions = () =>
  labState(lab).hosts.map(
    (host) =>
      readFileSync(labState(lab).processes[`${host}/engine`]!.logFile, 'utf8').split('platform connected').length - 1,
  );

/** Rules still open and close what they say, and nothing else. */
async function assertPolicyWorks(): Promise<void> {
  const policy = platformPolicy(lab, client);
  await policy.allow('shop1', 'web1', 80);
  assert.match((await httpStatus(lab, 'shop1', address('web1'), 80)) ?? 'no answer', /^HTTP/);
  await policy.revoke();
  await witness.assertApart();
}

const PINGS = 20;
const NONE = { packets: 0, replyPackets: 0 };

/** Echo requests from `db1` to `app1` over IPv6, which nobody else sends, while `work` goes on. */
async function pinging(work: () => Promise<void>): Promise<void> {
  const ping = guestOk(lab, 'db1', ['ping', '-c', String(PINGS), '-i', '0.4', '-W', '5', address('app1', 'ipv6')], {
    timeoutS: 120,
  });
  const [said] = await Promise.all([ping, work()]);
  assert.match(said, new RegExp(`${PINGS} packets transmitted, ${PINGS} packets received`));
}

/** What `db1`'s host has told of those pings between two moments of the platform's clock. */
async function pingsTold(hostId: string, fromMs: number, toMs: number) {
  const query = {
    from: iso(fromMs),
    to: iso(toMs),
    hostId,
    protocol: 58,
    address: address('app1', 'ipv6'),
    limit: 500,
  };
  const { items } = await client.listFlows({ query });
  const pings = items.filter(({ icmpType }) => icmpType === 128);
  const sum = (of: 'packets' | 'replyPackets') => pings.reduce((total, flow) => total + flow[of], 0);
  return { packets: sum('packets'), replyPackets: sum('replyPackets') };
}

test('a host’s clock that is set wrong: it says so, nothing of its traffic changes, no flow is lost or double', async () => {
  const clock = fakeClock();
  const host = await hostOf(lab, 'db1');
  for (const program of ['ovs-vswitchd', 'engine']) await clock.restart(`${host}/${program}`);
  await saysSkew(host, 0);
  await witness.moreQueries();
  const { connect } = await witness.queries();
  const { id: hostId } = await hostNamed(host);
  const began = Date.now();
  for (const [n, hours] of [1, -1].entries()) {
    await pinging(async () => {
      clock.set(hours * HOUR_S);
      await saysSkew(host, hours * HOUR_MS);
      await witness.assertApart();
      await witness.moreQueries();
    });
    const all = (n + 1) * PINGS;
    let told = NONE;
    const isAll = async () => {
      told = await pingsTold(hostId, began, Date.now() + 2_000);
      return told.packets >= all && told.replyPackets >= all;
    };
    await waitFor('every ping is told', isAll, WAIT).catch(() => undefined);
    assert.deepEqual(told, { packets: all, replyPackets: all });
    // Nowhere else in time, neither before nor ahead.
    assert.deepEqual(await pingsTold(hostId, began - 3 * HOUR_MS, began), NONE);
    assert.deepEqual(await pingsTold(hostId, Date.now() + 2_000, began + 3 * HOUR_MS), NONE);
  }
  await assertPolicyWorks();
  await comesBack(clock, host);
  assert.equal((await witness.queries()).connect, connect);
});

/** A host that is an hour behind finds a platform that starts only now, and tells it so; then its clock is right again. */
async function comesBack(clock: FakeClock, host: string): Promise<void> {
  process.kill(witness.pidOf('platform'), 'SIGKILL');
  await cloud.up();
  await saysSkew(host, -HOUR_MS);
  clock.set(0);
  await saysSkew(host, 0);
  await everyoneEnforces();
}

test('the platform’s clock that is set wrong: hosts stay connected and say so, tasks end as they do', async () => {
  const clock = fakeClock();
  await clock.restart('platform');
  await cloud.up();
  await witness.moreQueries();
  const { connect } = await witness.queries();
  const before = sessions();
  const { items } = await client.listHosts({ query: {} });
  const { items: vms } = await client.listVms({ query: { q: 'db1' } });
  const [db] = vms;
  const target = items.find(({ id }) => id !== db!.hostId)!;
  const task = await client.migrateVm({ params: { id: db!.id }, body: { toHostId: target.id } });
  for (const hours of [1, -1, 0]) {
    if (hours === 0) await assertPolicyWorks();
    clock.set(hours * HOUR_S);
    for (const { name } of items) await saysSkew(name, -hours * HOUR_MS);
    await witness.moreQueries();
    const fresh = { from: iso(Date.now() + hours * HOUR_MS - 30_000) };
    for (const { id: hostId, name } of items) {
      const flows = async () => (await client.listFlows({ query: { ...fresh, hostId, limit: 1 } })).items.length > 0;
      await waitFor(`flows of ${name} at the platform’s present`, flows, WAIT);
    }
  }
  const { state, error } = await client.getTask({ params: { id: task.id } });
  assert.equal(state, 'done', error?.message ?? '');
  assert.deepEqual(sessions(), before);
  assert.equal((await witness.queries()).connect, connect);
});

test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
