import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GATEWAYS_FEATURE, MIRRORS_FEATURE } from '@hypervigil/contract';
import type { GatewayReport, IntentGateway } from '@hypervigil/model';
import { Client } from 'pg';
import { startTestCloudWithHost, type TestCloudWithHost, type TestEngine, until } from '../src/testing/index.ts';

let cloud: TestCloudWithHost;
let engine: TestEngine;
let database: Client;

before(async () => {
  cloud = await startTestCloudWithHost('gateways', { features: [GATEWAYS_FEATURE, MIRRORS_FEATURE] });
  engine = cloud.engine;
  database = new Client({ connectionString: cloud.databaseUrl });
  await database.connect();
});
after(async () => {
  await database.end();
  await cloud.stop();
});

const GROUP = { name: 'edge', description: '', tenantId: null, perHost: 1, vcpus: 1, memoryMiB: 320, detect: false };
const IMAGE = { measurement: null, available: null, availableVersion: null, version: null, build: null, kernel: null };
const SIZE = { vcpus: null, memoryMiB: null, maxVcpus: null, maxMemoryMiB: null, outgrown: false };
const UNKNOWN = { ...IMAGE, revision: null, toldRevision: null, ...SIZE };

/** What the engine is to run, as it was told last. */
function wanted(): readonly IntentGateway[] {
  const told = engine.received.findLast((message) => message.type === 'gateways');
  return told?.type === 'gateways' ? told.gateways : [];
}
/** With patience for what the platform looks at in its own time. */
const untilWanted = (what: string, isSo: (gateways: readonly IntentGateway[]) => boolean) =>
  until(what, () => (isSo(wanted()) ? wanted() : undefined), 60_000);
const report = (
  gateways: readonly IntentGateway[],
  busy: number,
  connections = 10,
  more: (id: string) => Partial<GatewayReport> = () => ({}),
) =>
  engine.send({
    type: 'gateways',
    gateways: gateways.map(({ id }): GatewayReport => {
      const figures = { uptimeS: 1, load: 0, busy, memoryAvailableKiB: 1, connections, denied: 0 };
      return {
        id,
        phase: 'up',
        reason: null,
        ...UNKNOWN,
        ...figures,
        detector: 'off',
        signatures: 'absent',
        ...more(id),
      };
    }),
  });
/** As if all of them had served for an hour. */
const longAgo = () => database.query("update gateways set created_at = created_at - interval '1 hour'");

test('a group runs one more gateway where it is busy, and one less where the others can do the work with ease', async () => {
  const { client } = cloud.person;
  await assert.rejects(client.createGatewayGroup({ body: { ...GROUP, perHost: 2, maxPerHost: 1 } }), { status: 400 });
  await client.createGatewayGroup({ body: { ...GROUP, maxPerHost: 2 } });
  const one = await untilWanted('one gateway', ({ length }) => length === 1);
  await longAgo();
  report(one, 0.9);
  const two = await untilWanted('another one', ({ length }) => length === 2);
  await longAgo();
  report(two, 0.1);
  const resting = await untilWanted('one drained', (all) => all.some(({ drain }) => drain));
  const [retired] = resting.filter(({ drain }) => drain);
  assert.notEqual(retired?.id, one[0]?.id, 'the youngest goes');
  assert.equal((await client.getGateway({ params: { id: retired!.id } })).retired, true);
  report(resting, 0.1, 0);
  assert.deepEqual(await untilWanted('one left', ({ length }) => length === 1), one);
  const figures = await (await fetch(new URL('/metrics', cloud.platform.httpUrl))).text();
  for (const [phase, count] of [
    ['up', 1],
    ['silent', 0],
  ])
    assert.ok(figures.includes(`hypervigil_gateways{group="edge",host="h1",phase="${phase}"} ${count}\n`), figures);
});

test('one that was about to go serves again when it is needed', async () => {
  const one = wanted();
  await longAgo();
  report(one, 0.9);
  const two = await untilWanted('another one', ({ length }) => length === 2);
  await longAgo();
  report(two, 0.1);
  await untilWanted('one drained', (all) => all.some(({ drain }) => drain));
  report(two, 0.9);
  assert.deepEqual(await untilWanted('both serve', (all) => all.every(({ drain }) => !drain)), two);
});

test('a gateway is replaced by another that is up first, and goes when its connections are over', async () => {
  const before = wanted();
  const [old] = before;
  const { replacedBy } = await cloud.person.client.replaceGateway({ params: { id: old!.id } });
  const both = await untilWanted('its successor', ({ length }) => length === before.length + 1);
  assert.ok(both.every(({ drain }) => !drain));
  report(both, 0.6);
  await untilWanted('the old one drained', (all) => all.some(({ id, drain }) => id === old!.id && drain));
  report(wanted(), 0.6, 0);
  const left = await untilWanted('the old one gone', ({ length }) => length === before.length);
  assert.ok(left.some(({ id }) => id === replacedBy) && !left.some(({ id }) => id === old!.id));
});

test('a mirror names a group that may have its copies, hosts are told its number, and the group stays', async () => {
  const { client } = cloud.person;
  const [own, other] = [
    await client.createTenant({ body: { name: 'acme', description: '' } }),
    await client.createTenant({ body: { name: 'globex', description: '' } }),
  ];
  const { items } = await client.listGatewayGroups({ query: {} });
  const edge = items.find(({ name }) => name === GROUP.name)!;
  const theirs = await client.createGatewayGroup({ body: { ...GROUP, name: 'theirs', tenantId: other.id } });
  const mirror = (groupId: string) => ({
    ...{ name: 'look', description: '', tenantId: own.id, vmIds: [], oneIn: 1 },
    target: { kind: 'gateway' as const, groupId },
  });
  await assert.rejects(client.createMirror({ body: mirror(theirs.id) }), { status: 400 });
  await assert.rejects(client.createMirror({ body: mirror(own.id) }), { status: 400 });
  const { id } = await client.createMirror({ body: mirror(edge.id) });
  const told = () => {
    const last = engine.received.findLast((message) => message.type === 'mirrors');
    return last?.type === 'mirrors' ? last.mirrors[0]?.target : undefined;
  };
  const target = await until('the host is told', told, 60_000);
  assert.deepEqual(target, { kind: 'gateway', group: edge.num });
  await assert.rejects(client.deleteGatewayGroup({ params: { id: edge.id } }), { status: 409 });
  await client.deleteMirror({ params: { id } });
  await client.deleteGatewayGroup({ params: { id: theirs.id } });
});

/** Gateways of a group of two, and what becomes of them while those that were there are replaced, one after the other. */
async function pair(name: string) {
  const { client } = cloud.person;
  const group = await client.createGatewayGroup({ body: { ...GROUP, name, perHost: 2 } });
  const own = () => wanted().filter((one) => one.group === group.num);
  await untilWanted('two gateways', () => own().length === 2);
  const first = own().map(({ id }) => id);
  const left = () => own().filter(({ id }) => first.includes(id)).length;
  async function watchReplacing(looks: (id: string) => Partial<GatewayReport>): Promise<void> {
    for (let old = 2; old > 0; old--) {
      await untilWanted(`a successor beside ${old} old ones`, () => own().length === 3 && left() === old);
      report(own(), 0.6, 10, looks);
      await untilWanted('one that is drained', () => own().some(({ id, drain }) => drain && first.includes(id)));
      assert.equal(own().filter(({ drain }) => drain).length, 1);
      report(own(), 0.6, 0, looks);
      await untilWanted('one old one less', () => left() === old - 1);
    }
    assert.equal(own().length, 2);
  }
  return { client, group, first, own, watchReplacing };
}

test('a group is upgraded: of two gateways on a host one goes after the other, each when its successor is up', async () => {
  const { client, group, first, own, watchReplacing } = await pair('upgraded');
  const image = (of: string) => of.repeat(64);
  const looks = (id: string) => ({ measurement: image(first.includes(id) ? 'a' : 'b'), available: image('b') });
  report(own(), 0.6, 10, looks);
  const drifts = async () => (await client.getGateway({ params: { id: first[0]! } })).drift.includes('image');
  await until('the drift is seen', async () => ((await drifts()) ? true : undefined), 60_000);
  assert.deepEqual(await client.upgradeGatewayGroup({ params: { id: group.id } }), { gateways: 2 });
  await watchReplacing(looks);
  assert.deepEqual(await client.upgradeGatewayGroup({ params: { id: group.id } }), { gateways: 0 });
});

test('another size is drift until gateways have it; those that cannot while they run are replaced', async () => {
  const { client, group, first, own, watchReplacing } = await pair('resized');
  const sized = (vcpus: number) => ({ vcpus, memoryMiB: 320, maxVcpus: 2, maxMemoryMiB: 1280 });
  const drift = async () => (await client.getGateway({ params: { id: first[0]! } })).drift;
  const { id: _, num: __, changedAt: ___, ...body } = group;
  const { revision } = await client.updateGatewayGroup({ params: { id: group.id }, body: { ...body, vcpus: 2 } });
  await untilWanted('two vCPUs', () => own().every(({ vcpus }) => vcpus === 2));
  report(own(), 0.6, 10, () => sized(1));
  await until('the drift is seen', async () => ((await drift()).includes('size') ? true : undefined), 60_000);
  report(own(), 0.6, 10, () => sized(2));
  await until('it has them', async () => ((await drift()).includes('size') ? undefined : true), 60_000);
  await client.updateGatewayGroup({ params: { id: group.id }, body: { ...body, revision, vcpus: 4 } });
  const looks = (id: string) => (first.includes(id) ? { ...sized(2), outgrown: true } : sized(4));
  report(own(), 0.6, 10, looks);
  await watchReplacing(looks);
});
