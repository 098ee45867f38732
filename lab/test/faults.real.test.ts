import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Client } from '@hypervigil/contract';
import { ANYONE, type HealthItem } from '@hypervigil/model';
import { everyHostEnforces } from '../src/cloud/engines.ts';
import { labClient } from '../src/cloud/up.ts';
import { platformPolicy } from '../src/cloud/verify.ts';
import { guestOk, hostOf, type Lab, labState, locateLab, waitFor } from '../src/index.ts';
import { httpStatus } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { createFakeClock, type FakeClock } from './support/fake-clock.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { assertLeavesNothing, discard } from './support/scratch-lab.ts';
import { moveToSmallDisk } from './support/small-disk.ts';
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
  const policy = platformPolicy(lab, client, cloud.options);
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
  await everyoneEnforces();
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

const peer = (vm: string) => ({ ...ANYONE, cidrs: [address(vm)] });
/** More than the rest of a page on the disk holds. */
const SERVICES = [80, 1080].map((first) => ({
  protocol: 'tcp' as const,
  ports: Array.from({ length: 60 }, (_, n) => String(first + 2 * n)),
}));

/** One rule for `shop1` to `web1`, in place of the one before; does not wait for hosts that cannot say that they did. */
async function publishRule(action: 'allow' | 'deny'): Promise<void> {
  const name = 'While the disk is full';
  for (const { id } of (await client.listPolicies({ query: { q: name } })).items)
    await client.deletePolicy({ params: { id } });
  const rule = {
    name,
    enabled: true,
    action,
    log: true,
    comment: '',
    from: peer('shop1'),
    to: peer('web1'),
    services: SERVICES,
  };
  const policy = { name, description: '', tier: 'platform' as const, tenantId: null, order: 5, enabled: true };
  await client.createPolicy({ body: { ...policy, rules: [rule] } });
  const { draftRevision } = await client.getPolicyStatus();
  await client.publishPolicy({ body: { draftRevision, comment: '' } });
}
const reaches = async () => (await httpStatus(lab, 'shop1', address('web1'), 80)) !== undefined;
const waitForCode = (host: string, item: HealthItem['name'], code: string) =>
  waitFor(`${item} of ${host} is ${code}`, async () => (await healthOf(host, item))?.code === code, WAIT);
const storesNothing = async (host: string) => /not stored/.test((await hostNamed(host)).applyError ?? '');

test('a full disk under the engine: it enforces and says so, keeps its last good intent, and recovers with space', async () => {
  const host = await hostOf(lab, 'web1');
  const disk = await moveToSmallDisk(lab, host);
  await waitForCode(host, 'disk', 'ok');
  await everyoneEnforces();
  const { id: hostId } = await hostNamed(host);
  const from = iso(Date.now() - 60_000);
  const to = iso(Date.now());
  const stored = async () =>
    (await client.flowSeries({ query: { from, to, hostId, buckets: 1 } })).points.reduce(
      (sum, p) => sum + p.allowBytes,
      0,
    );
  await waitFor('flows from before', async () => (await stored()) > 0, WAIT);
  const acknowledged = await stored();

  await disk.fill();
  await waitForCode(host, 'disk', 'low');
  await publishRule('allow');
  await waitFor('an intent that is not stored', () => storesNothing(host), WAIT);
  await waitFor('it is enforced all the same', reaches, WAIT);
  await witness.moreQueries();

  // Without the platform, after a restart: what was stored last, and no more.
  process.kill(witness.pidOf('platform'), 'SIGKILL');
  await disk.restartEngine();
  await waitFor('the last good intent', async () => !(await reaches()), WAIT);
  await witness.moreQueries();

  await disk.free();
  await cloud.up();
  // With nobody to take them and no room to keep them, flows were lost: that is told, not hidden.
  await waitForCode(host, 'flows', 'lost');
  await waitFor('the newest intent', reaches, WAIT);
  await waitForCode(host, 'disk', 'ok');

  // Nobody has to do anything once there is room.
  await disk.fill();
  await publishRule('deny');
  await waitFor('an intent that is not stored', () => storesNothing(host), WAIT);
  await witness.assertApart();
  await disk.free();
  await everyoneEnforces();
  await waitForCode(host, 'spool', 'ok');
  assert.ok((await stored()) >= acknowledged);
  const since = iso(Date.now());
  const fresh = async () => (await client.listFlows({ query: { from: since, hostId, limit: 1 } })).items.length > 0;
  await waitFor('flows again', fresh, WAIT);
});

test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
