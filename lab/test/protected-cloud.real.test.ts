import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@hypervigil/contract';
import { CURRENT_IMAGE } from '@hypervigil/gateway-link';
import { ANYONE, type OnFailure, type Policy, SYNTHETIC_RULES } from '@hypervigil/model';
import { enforcedBy, everyHostEnforces, everyVmProtected } from '../src/cloud/engines.ts';
import { ensureGateways, gatewaysDetect, gatewaysUp, inspectRule, releaseImage } from '../src/cloud/gateways.ts';
import { labClient } from '../src/cloud/up.ts';
import { askNames } from '../src/conversation.ts';
import { udpFrame } from '../src/frames.ts';
import { gatewayVms, holdGateway, killGateway, releaseGateway, steeredPackets } from '../src/gateway-vms.ts';
import {
  demoCloud,
  guestOk,
  hostOf,
  type Lab,
  labState,
  locateLab,
  runInHost,
  runInHostOk,
  virsh,
} from '../src/index.ts';
import { watchInspection } from '../src/inspection-watch.ts';
import { managementAddress } from '../src/names.ts';
import { startAnswering } from '../src/probes.ts';
import { catchFrames, type GuestProgram, httpStatus, sendsMore, startInGuest } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { waitFor } from '../src/wait.ts';
import { startCollector } from './support/collector.ts';
import { type ScratchCloud, scratchCloud } from './support/protected-cloud.ts';
import { whilePushing } from './support/pushing.ts';
import { proveRandomPolicies } from './support/random-policies.ts';
import { assertLeavesNothing, discard } from './support/scratch-lab.ts';
import { LONG, WAIT, type Witness, witnessOf } from './support/witness.ts';

let cloud: ScratchCloud;
let lab: Lab;
let client: Client;
let witness: Witness;

before(async () => {
  cloud = await scratchCloud('p');
  await cloud.up();
  lab = locateLab({ id: cloud.where.id });
  client = labClient(lab);
  witness = witnessOf(lab);
});
after(() => discard(cloud.where));

const spec = (name: string) => labState(lab).vms[name]!.spec;
const idOf = async (name: string) =>
  (await client.listVms({ query: { q: name } })).items.find((vm) => vm.name === name)!.id;

/** Has the platform move a VM to the other host, and hands back that host. */
async function moveAway(name: string): Promise<string> {
  const home = await hostOf(lab, name);
  const target = labState(lab).hosts.find((host) => host !== home)!;
  const toHostId = (await client.listHosts({ query: {} })).items.find((host) => host.name === target)!.id;
  const { id } = await client.migrateVm({ params: { id: await idOf(name) }, body: { toHostId } });
  const ended = await waitFor(
    'the migration',
    async () => {
      const task = await client.getTask({ params: { id } });
      return ['done', 'failed'].includes(task.state) && task;
    },
    WAIT,
  );
  assert.equal(ended.state, 'done', ended.error?.message ?? '');
  assert.equal(await hostOf(lab, name), target);
  return target;
}

/** Marked datagrams from one guest to another, so many a second, for ten minutes. */
async function stream(
  from: string,
  to: string,
  { marker, perS }: { marker: string; perS: number },
): Promise<GuestProgram> {
  const [a, b] = [spec(from), spec(to)];
  const ends = { source: addressOf(a.ipv4), target: addressOf(b.ipv4), sourcePort: 4000, targetPort: 53 };
  const hex = udpFrame({ from: a.mac, to: b.mac }, { ...ends, data: marker }).toString('hex');
  await guestOk(lab, from, ['sh', '-c', 'cat >/run/frames'], { input: `${hex}\n` });
  const send = `exec perl /lab/frames.pl send eth0 ${600 * perS} ${1 / perS} </run/frames`;
  return startInGuest(lab, from, ['sh', '-c', send], '/dev/null');
}

test('the platform shows two hosts that enforce, and five protected VMs with their owners', async () => {
  const { items: hosts } = await client.listHosts({ query: {} });
  assert.deepEqual(hosts.map((h) => [h.name, h.state]).toSorted(), [
    ['h1', 'online'],
    ['h2', 'online'],
  ]);
  const { items: vms } = await client.listVms({ query: {} });
  assert.deepEqual(
    vms.map((vm) => vm.name).toSorted(),
    demoCloud()
      .map((vm) => vm.name)
      .toSorted(),
  );
  for (const vm of vms)
    assert.ok(vm.state === 'running' && vm.tenantId !== null && vm.vnics[0]?.protection === 'enforced', vm.name);
});

test('what is allowed passes over both families, and the tenants are apart', async () => {
  await witness.moreQueries();
  assert.match((await httpStatus(lab, 'web1', addressOf(spec('app1').ipv4), 8080)) ?? '', /^HTTP\/1\.\d 200/);
  assert.match((await httpStatus(lab, 'web1', addressOf(spec('app1').ipv6), 8080)) ?? '', /^HTTP\/1\.\d 200/);
  await witness.assertApart();
});

test('every flow names what decided it: a rule of people, or the isolation of tenants', async () => {
  const app = await idOf('app1');
  const shop = await idOf('shop1');
  const { items: policies } = await client.listPolicies({ query: {} });
  const rule = policies.flatMap((p) => p.rules).find((r) => r.name === 'Application calls the database');
  const allowed = await waitFor(
    'the allowed flow',
    async () => (await client.listFlows({ query: { vmId: app, port: 5432, verdict: 'allow' } })).items[0],
    WAIT,
  );
  assert.equal(allowed.ruleId, rule?.id);
  assert.ok(allowed.bytes > 0 && allowed.replyBytes > 0);
  const denied = await waitFor(
    'the denied flow',
    async () => (await client.listFlows({ query: { vmId: shop, verdict: 'deny' } })).items[0],
    WAIT,
  );
  assert.equal(denied.ruleNum, SYNTHETIC_RULES['tenant-isolation']);
});

test('random policies: connections between guests end as the evaluator says', () => proveRandomPolicies(lab, client));

test('a VM that virsh stops and starts is followed', async () => {
  const host = await hostOf(lab, 'cache1');
  const state = async () => (await client.getVm({ params: { id: await idOf('cache1') } })).state;
  await virsh(lab, host, ['destroy', 'cache1']);
  await waitFor('shut off', async () => (await state()) === 'shutoff', WAIT);
  await virsh(lab, host, ['start', 'cache1']);
  await waitFor('running', async () => (await state()) === 'running', WAIT);
  await everyVmProtected(client, ['cache1']);
});

const PUSH_PORT = 5433;
const STREAM_PORT = 7780;
const CHAIN_PORT = 7781;
const TUNNEL_KEY = 7;
let gateways: string;
/** Waits until the database answers more questions, and more packets have gone into a host's gateway. */
async function inspectedQueries(host: string): Promise<void> {
  const before = await steeredPackets(lab, host);
  await witness.moreQueries();
  await waitFor(`${host} steers`, async () => (await steeredPackets(lab, host)) > before, WAIT);
}
const gatewayOn = async (host: string) =>
  (await client.listGateways()).items.find((one) => one.hostName === host && one.replacedBy === null)!;

const to = (name: string) => ({ ...ANYONE, cidrs: [addressOf(spec(name).ipv4)] });
const tcp = (...ports: readonly (number | string)[]) => ({ protocol: 'tcp' as const, ports: ports.map(String) });
const udp = (port: number) => ({ protocol: 'udp' as const, ports: [String(port)] });

async function publish(): Promise<void> {
  const { draftRevision } = await client.getPolicyStatus();
  await client.publishPolicy({ body: { draftRevision, comment: '' } });
  await everyHostEnforces(client, labState(lab).hosts.length);
}

/** Has the platform's tier inspect, from then on. */
async function inspectBy(name: string, order: number, rules: ReturnType<typeof inspectRule>[]): Promise<Policy> {
  const policy = { name, description: '', tier: 'platform' as const, tenantId: null, order, enabled: true, rules };
  const written = await client.createPolicy({ body: policy });
  await publish();
  return written;
}

/** Takes it back. */
async function withdraw({ id }: Policy): Promise<void> {
  await client.deletePolicy({ params: { id } });
  await publish();
}

test('a rule that inspects carries a connection between two hosts through a gateway, and it is still the same one', async () => {
  await witness.moreQueries();
  const { connect } = await witness.queries();
  gateways = await ensureGateways(lab, client);
  await inspectBy('Inspected', 20, [
    inspectRule(gateways, { to: to('db1'), service: tcp(5432, PUSH_PORT), onFailure: 'open' }),
    inspectRule(gateways, { to: to('app1'), service: tcp(8080), onFailure: 'closed' }),
    inspectRule(gateways, { to: to('db1'), service: udp(STREAM_PORT), onFailure: 'closed' }),
  ]);
  await inspectedQueries(await hostOf(lab, 'db1'));
  assert.equal((await witness.queries()).connect, connect);
  await waitFor('its gateway has it', async () => ((await gatewayOn('h1')).report?.connections ?? 0) > 0, WAIT);
});

test('a rule that inspects and blocks a name: a question about it gets no answer, and its flow says by which rule and for what', async () => {
  const blocking = (name: string) => {
    const blocks = { applications: [], names: [`*.${name}`], risks: [] };
    return inspectBy(`Blocks ${name}`, 10, [
      inspectRule(gateways, { to: to('db1'), service: udp(53), onFailure: 'closed', blocks }),
    ]);
  };
  const first = await blocking('first.example');
  await gatewaysDetect(client, gateways);
  await withdraw(first);
  const policy = await blocking('forbidden.example');
  // The first question comes as soon as hosts enforce the rule: their gateways know it by then.
  const meeting = { from: spec('app1'), to: spec('db1'), port: 53 };
  const [answered, others] = await askNames(lab, meeting, ['www.forbidden.example', 'www.allowed.example']);
  assert.equal(answered, 0);
  assert.ok(others! > 0);
  const query = { vmId: await idOf('app1'), port: 53, verdict: 'deny' as const };
  const ended = async () =>
    (await client.listFlows({ query })).items.find(({ ruleId }) => ruleId === policy.rules[0]?.id)?.inspection;
  const { name, blocked } = await waitFor('the flow of the question', ended, WAIT);
  assert.equal(name, 'www.forbidden.example');
  assert.deepEqual(blocked, { by: 'name', what: '*.forbidden.example' });
  await withdraw(policy);
});

const asks = () => httpStatus(lab, 'web1', addressOf(spec('app1').ipv4), 8080);

test('a drained gateway keeps the connections that it has, and is given no new ones', async () => {
  const drain = async (isDrained: boolean) => {
    for (const host of labState(lab).hosts) {
      const { id } = await gatewayOn(host);
      await client.drainGateway({ params: { id }, body: { drain: isDrained } });
    }
  };
  const { connect } = await witness.queries();
  await drain(true);
  await waitFor('nothing new is let in', async () => (await asks()) === undefined, WAIT);
  await inspectedQueries('h1');
  await drain(false);
  await waitFor('new ones are answered', asks, WAIT);
  assert.equal((await witness.queries()).connect, connect);
});

test('a gateway that stands still: a rule that fails closed lets nothing pass, one that fails open everything', async () => {
  const { connect } = await witness.queries();
  const phase = async (host: string) => (await gatewayOn(host)).report?.phase;
  const held = await gatewayVms(lab);
  for (const one of held) await holdGateway(lab, one);
  for (const { host } of held)
    await waitFor(`${host} misses its gateway`, async () => (await phase(host)) === 'silent', WAIT);
  assert.equal(await asks(), undefined);
  await witness.moreQueries();
  for (const one of held) await releaseGateway(lab, one);
  await gatewaysUp(client, gateways);
  await waitFor('what fails closed is answered', asks, WAIT);
  await inspectedQueries('h1');
  assert.equal((await witness.queries()).connect, connect);
});

test('one gateway killed, one started anew: connections go on without, and through what their engines start', async () => {
  const { connect } = await witness.queries();
  await whilePushing(lab, { from: spec('db1'), to: spec('app1'), port: PUSH_PORT }, async (more) => {
    const ended = await gatewayVms(lab);
    await killGateway(ended[0]!);
    await client.restartGateway({ params: { id: ended[1]!.id } });
    await witness.moreQueries();
    const pids = ended.map(({ pid }) => pid);
    const areOthers = async () => (await gatewayVms(lab)).filter(({ pid }) => !pids.includes(pid)).length === 2;
    await waitFor('others run in their places', areOthers, WAIT);
    await gatewaysUp(client, gateways);
    await waitFor('what fails closed is answered', asks, WAIT);
    await inspectedQueries('h1');
    await more();
  });
  assert.equal((await witness.queries()).connect, connect);
});

test('a gateway upgraded: nothing starts that its builder did not sign; then no connection notices, and of what fails closed no packet passes by', async () => {
  const { connect } = await witness.queries();
  const old = await gatewayOn('h1');
  const before = old.report!;
  assert.ok(!old.drift.includes('image'));
  const next = await releaseImage(lab, `${before.version}-next`);
  assert.notEqual(next.manifest.measurement, before.measurement);
  const key = join(lab.gatewayDir, CURRENT_IMAGE.key);
  renameSync(key, `${key}.kept`);
  writeFileSync(key, generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }));
  const stream = { marker: 'hv-replaced', from: spec('app1'), to: spec('db1'), port: STREAM_PORT };
  const { arrived, passed } = await watchInspection(lab, stream, async ({ arriving }) => {
    await arriving();
    const { replacedBy } = await client.replaceGateway({ params: { id: old.id } });
    const successor = async () => (await client.getGateway({ params: { id: replacedBy! } })).report;
    await waitFor('the image is refused', async () => (await successor())?.phase === 'failed', WAIT);
    assert.match((await successor())!.reason!, /is not signed by its builder/);
    await arriving();
    renameSync(`${key}.kept`, key);
    const running = async () => (await gatewayVms(lab, ['h1'])).map(({ id }) => id);
    await waitFor('the old one is gone', async () => !(await running()).includes(old.id), LONG);
    assert.deepEqual(await running(), [replacedBy]);
    await arriving();
  });
  assert.deepEqual([...arrived.difference(passed)], []);
  const [upgraded, other] = [await gatewayOn('h1'), await gatewayOn('h2')];
  const { build, version, measurement } = next.manifest;
  const seen = [upgraded.report?.build, upgraded.report?.version, upgraded.report?.measurement];
  assert.deepEqual(seen, [build, version, measurement]);
  assert.deepEqual([other.report?.version, other.report?.availableVersion], [before.version, version]);
  assert.deepEqual([upgraded.drift.includes('image'), other.drift.includes('image')], [false, true]);
  await inspectedQueries('h1');
  assert.equal((await witness.queries()).connect, connect);
});

test('gateways are given processors and memory while they run, and let go of a processor', async () => {
  const { connect } = await witness.queries();
  const before = await gatewayVms(lab);
  const {
    id: _,
    num: __,
    changedAt: ___,
    revision: ____,
    ...group
  } = await client.getGatewayGroup({
    params: { id: gateways },
  });
  const resize = async (size: { vcpus: number; memoryMiB: number }) => {
    const { revision } = await client.getGatewayGroup({ params: { id: gateways } });
    await client.updateGatewayGroup({ params: { id: gateways }, body: { ...group, ...size, revision } });
    for (const host of labState(lab).hosts) {
      const has = async () => {
        const { report, drift } = await gatewayOn(host);
        return report?.vcpus === size.vcpus && report.memoryMiB === size.memoryMiB && !drift.includes('size');
      };
      await waitFor(`${size.vcpus} vCPUs and ${size.memoryMiB} MiB on ${host}`, has, LONG);
    }
  };
  await resize({ vcpus: 2, memoryMiB: 640 });
  await resize({ vcpus: 1, memoryMiB: 640 });
  await inspectedQueries('h1');
  assert.deepEqual(await gatewayVms(lab), before);
  assert.equal((await witness.queries()).connect, connect);
});

test('a chain: each packet passes a gateway of both groups, its answer the same ones back; without the second one a link that fails open is left out, and one that fails closed lets nothing pass', async () => {
  const second = await ensureGateways(lab, client, 'Second gateways');
  const chained = (onFailure: OnFailure) => ({
    onFailure: 'closed' as const,
    next: [{ groupId: second, onFailure }],
  });
  const policy = await inspectBy('Chained', 10, [
    inspectRule(gateways, { to: to('db1'), service: udp(CHAIN_PORT), ...chained('open') }),
    inspectRule(gateways, { to: to('app1'), service: tcp(8080), ...chained('closed') }),
  ]);
  const all = await gatewayVms(lab);
  const platforms = (await client.listGateways()).items;
  const host = await hostOf(lab, 'db1');
  const ofGroup = (groupId: string) =>
    all.filter(({ id }) => platforms.some((one) => one.id === id && one.groupId === groupId));
  const tapsOf = (groupId: string) => ofGroup(groupId).find((one) => one.host === host)!.taps;
  const [first, then] = [tapsOf(gateways), tapsOf(second)];
  const answering = await startAnswering(lab, 'db1', { tcp: [], udp: [CHAIN_PORT] });
  const stream = (marker: string) => ({ marker, from: spec('app1'), to: spec('db1'), port: CHAIN_PORT });

  const whole = await watchInspection(lab, stream('hv-chain'), async ({ arriving, cameOut }) => {
    await arriving();
    await waitFor('answers pass', () => cameOut(first.left).size > 5, WAIT);
  });
  for (const { right } of [first, then])
    assert.deepEqual([...whole.arrived.difference(whole.cameOut(right))], [], `came out of ${right}`);
  assert.deepEqual([...whole.cameOut(first.left).difference(whole.cameOut(then.left))], []);
  const query = { vmId: await idOf('db1'), port: CHAIN_PORT };
  const seenBy = async () =>
    (await client.listFlows({ query })).items
      .find(({ ruleId }) => ruleId === policy.rules[0]?.id)
      ?.inspection?.gateways.map(({ gatewayId }) => gatewayId);
  const both = [gateways, second].map((groupId) => ofGroup(groupId).find((one) => one.host === host)!.id);
  await waitFor('its flow names both', async () => String(await seenBy()) === String(both), WAIT);

  const lacking = await watchInspection(lab, stream('hv-link-away'), async ({ arriving, cameOut }) => {
    await arriving();
    for (const one of ofGroup(second)) await holdGateway(lab, one);
    const areSilent = async () =>
      (await client.listGateways()).items.every((one) => one.groupId !== second || one.report?.phase === 'silent');
    await waitFor('they are missed', areSilent, WAIT);
    assert.equal(await asks(), undefined);
    await arriving();
    for (const one of ofGroup(second)) await releaseGateway(lab, one);
    await gatewaysUp(client, second);
    await waitFor('what fails closed is answered', asks, WAIT);
    const latest = Math.max(...cameOut(first.right));
    const isBack = () => [...cameOut(then.right)].some((number) => number > latest);
    await waitFor('the second link has the stream again', isBack, WAIT);
  });
  assert.deepEqual([...lacking.arrived.difference(lacking.cameOut(first.right))], []);
  assert.ok(lacking.arrived.difference(lacking.cameOut(then.right)).size > 0);

  await answering.end();
  await withdraw(policy);
  await client.deleteGatewayGroup({ params: { id: second } });
  const areGone = async () => (await gatewayVms(lab)).length === ofGroup(gateways).length;
  await waitFor('the second gateways are gone', areGone, WAIT);
});

test('a tunnel carries copies of what a VM is sent to a collector; nothing comes back by it', async () => {
  const collector = await startCollector(lab, TUNNEL_KEY);
  try {
    const { tenantId } = await client.getVm({ params: { id: await idOf('web1') } });
    const target = { kind: 'tunnel', protocol: 'vxlan', collector: collector.address, key: TUNNEL_KEY } as const;
    const body = { name: 'To the collector', description: '', vmIds: [await idOf('web1')], oneIn: 1, target };
    const { id, num } = await client.createMirror({ body: { ...body, tenantId: tenantId! } });
    const copied = (from: string) => {
      const [source, mac] = [addressOf(spec(from).ipv4), spec(from).mac];
      const line = new RegExp(
        `${mac} > ${spec('web1').mac}.* ${source}\\.\\d+ > ${addressOf(spec('web1').ipv4)}\\.80: Flags`,
      );
      return waitFor(`copies of what ${from} sends`, () => line.test(collector.heard()), WAIT);
    };
    await copied('app1');

    const marker = 'hv-from-a-collector';
    const ends = { source: addressOf(spec('app1').ipv4), target: addressOf(spec('web1').ipv4) };
    const udp = { ...ends, sourcePort: 53, targetPort: 4000, data: marker };
    const host = await hostOf(lab, 'web1');
    const received = async () => {
      const [link] = JSON.parse(await runInHostOk(lab, host, ['ip', '-j', '-s', 'link', 'show', `hvt${num}`])) as [
        { stats64: { rx: { packets: number } } },
      ];
      return link.stats64.rx.packets;
    };
    const before = await received();
    const caught = await catchFrames(lab, 'web1', { marker, seconds: 120 }, async () => {
      const address = managementAddress(labState(lab).subnet, labState(lab).hosts.indexOf(host));
      await collector.send(address, udpFrame({ from: spec('app1').mac, to: spec('web1').mac }, udp));
      await waitFor('the host has it', async () => (await received()) > before, WAIT);
    });
    assert.equal(caught.length, 0);

    await client.deleteMirror({ params: { id } });
    const isThere = async (name: string) =>
      (await runInHost(lab, name, ['ip', 'link', 'show', `hvt${num}`])).code === 0;
    for (const name of labState(lab).hosts)
      await waitFor(`${name} has no tunnel`, async () => !(await isThere(name)), WAIT);
  } finally {
    await collector.stop();
  }
});

test('ten migrations: no forbidden packet arrives, no inspected connection is lost, the gateway follows', async () => {
  const marker = 'hv-ten-migrations';
  await witness.moreQueries();
  const { connect } = await witness.queries();
  const caught = await catchFrames(lab, 'db1', { marker, seconds: 600 }, async () => {
    const forbidden = await stream('shop1', 'db1', { marker, perS: 100 });
    for (let move = 0; move < 10; move++) await inspectedQueries(await moveAway('db1'));
    await forbidden.end();
  });
  assert.equal(caught.length, 0);
  assert.equal((await witness.queries()).connect, connect);
});

test('a quarantined VM exchanges no packet with anybody, wherever it moves and while its engine is away', async () => {
  const marker = 'hv-quarantine';
  const [cut, friend] = ['cache1', 'shop1'];
  const params = { id: await idOf(cut) };
  const watch = (vm: string, work: (count: () => Promise<number>) => Promise<void>) =>
    catchFrames(lab, vm, { marker, seconds: 600 }, work);
  const perS = 20;
  /** Both have tried for two seconds more. */
  const bothSend = async () => {
    for (const vm of [cut, friend]) await sendsMore(lab, vm, 2 * perS);
  };
  const streams = [await stream(cut, friend, { marker, perS }), await stream(friend, cut, { marker, perS })];
  for (const vm of [cut, friend])
    await watch(vm, async (count) => {
      await waitFor(`${vm} gets packets`, async () => (await count()) > 0, WAIT);
    });
  await enforcedBy(client, labState(lab).hosts.length, async () => {
    await client.quarantineVm({ params, body: { reason: 'It moves while it is cut off' } });
  });
  const caught = await watch(cut, async () => {
    const byFriend = await watch(friend, async () => {
      await bothSend();
      for (let move = 0; move < 2; move++) {
        const host = await moveAway(cut);
        await bothSend();
        process.kill(witness.pidOf(`${host}/engine`), 'SIGKILL');
        await bothSend();
        await cloud.up();
        await bothSend();
      }
    });
    assert.equal(byFriend.length, 0);
  });
  assert.equal(caught.length, 0);
  for (const one of streams) await one.end();
  await client.releaseVm({ params, body: { reason: 'It is known that it stays cut off' } });
});

test('engines killed: hosts go on enforcing, and converge when they are back, with the gateways that they had', async () => {
  const { connect } = await witness.queries();
  const before = await gatewayVms(lab);
  for (const host of labState(lab).hosts) process.kill(witness.pidOf(`${host}/engine`), 'SIGKILL');
  await witness.moreQueries();
  await witness.assertApart();
  await cloud.up();
  await inspectedQueries(await hostOf(lab, 'db1'));
  await witness.assertApart();
  await gatewaysUp(client, gateways);
  assert.deepEqual(await gatewayVms(lab), before);
  assert.equal((await witness.queries()).connect, connect);
});

/** Creates one group after the other until the platform is away; hands back those that it acknowledged. */
async function groupsUntilAway(onCreated: (count: number) => void): Promise<string[]> {
  const acknowledged: string[] = [];
  for (;;) {
    const name = `before the outage ${acknowledged.length}`;
    const body = { name, description: '', tenantId: null, vmIds: [] };
    const created = await client.createGroup({ body }).catch(() => undefined);
    if (created === undefined) return acknowledged;
    onCreated(acknowledged.push(name));
  }
}

/** Seconds that the platform is away; ten minutes at night. */
const OUTAGE_S = Number(process.env['HV_OUTAGE'] ?? 20);
/** Every span this long or longer has flows of each host; its VMs talk twice a second. */
const SPAN_S = 5;

test('platform and database killed: hosts go on enforcing, and no flow of that time is lost', async () => {
  let created = 0;
  const creating = groupsUntilAway((count) => {
    created = count;
  });
  await waitFor('some acknowledged work', () => created > 10, WAIT);
  process.kill(witness.pidOf('platform'), 'SIGKILL');
  const acknowledged = await creating;
  const away = performance.now();
  // Between one moment and the next the guests have surely talked, however slow the machine.
  const moments = [new Date()];
  do {
    await witness.moreQueries();
    await witness.assertApart();
    if (Date.now() - moments.at(-1)!.getTime() >= SPAN_S * 1000) moments.push(new Date());
  } while (performance.now() - away < OUTAGE_S * 1000);
  await cloud.up();
  await everyHostEnforces(client, labState(lab).hosts.length);

  const { items: groups } = await client.listGroups({ query: { q: 'before the outage', limit: 1000 } });
  const names = new Set(groups.map((group) => group.name));
  assert.deepEqual(
    acknowledged.filter((name) => !names.has(name)),
    [],
  );
  assert.ok(moments.length > 1);
  const spans = moments.slice(1).map((to, i) => ({ from: moments[i]!.toISOString(), to: to.toISOString() }));
  for (const { id: hostId, name } of (await client.listHosts({ query: {} })).items)
    for (const span of spans)
      await waitFor(
        `flows of ${name} from ${span.from} to ${span.to}`,
        async () => {
          const { points } = await client.flowSeries({ query: { ...span, hostId, verdict: 'allow', buckets: 1 } });
          return points.some((point) => point.allowFlows > 0);
        },
        WAIT,
      );
  const span = { from: spans[0]!.from, to: spans.at(-1)!.to };
  const vmId = await idOf('shop1');
  const denied = async () => (await client.listFlows({ query: { ...span, vmId, verdict: 'deny' } })).items.length > 0;
  await waitFor('the denied attempts of the outage', denied, WAIT);
  for (const { health } of (await client.listHosts({ query: {} })).items)
    assert.deepEqual(
      health.filter((item) => !item.ok),
      [],
    );
});

test('a switch killed under traffic comes back closed first, then with its policy', async () => {
  for (const host of labState(lab).hosts) {
    process.kill(witness.pidOf(`${host}/ovs-vswitchd`), 'SIGKILL');
    await witness.assertApart();
    await cloud.up();
    await witness.moreQueries();
    await witness.assertApart();
  }
});

test('libvirt killed: its host says so, and its VMs are seen again afterwards', async () => {
  const healthOf = async (name: string) =>
    (await client.listHosts({ query: {} })).items
      .find((h) => h.name === name)!
      .health.find((item) => item.name === 'libvirt')?.ok;
  process.kill(witness.pidOf('h1/libvirtd'), 'SIGKILL');
  await waitFor('h1 says that libvirt is away', async () => (await healthOf('h1')) === false, WAIT);
  await witness.assertApart();
  await cloud.up();
  await waitFor('libvirt is back', async () => (await healthOf('h1')) === true, WAIT);
  await everyVmProtected(
    client,
    demoCloud().map((vm) => vm.name),
  );
});

test('down leaves nothing behind', () => assertLeavesNothing(cloud.where));
