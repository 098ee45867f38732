import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import {
  INTENT_RULE_DEFAULTS,
  type IntentLimit,
  type IntentRule,
  type RuleLimits,
  type Service,
  SYNTHETIC_RULES,
  UNLIMITED,
} from '@hypervigil/model';
import { type CloudState, compileIntent, compileServices } from '@hypervigil/policy';
import { idOf, macOf } from '@hypervigil/policy/testing';
import {
  createPipeline,
  decodeMeter,
  type LocalPort,
  NONE_FULL,
  type Pipeline,
  type PipelineOptions,
  TABLES,
} from '../src/index.ts';
import { ethernet, TCP, tcp, udp } from './ethernet.ts';
import { portOf, UPLINK } from './harness.ts';
import { startWire, type Wire } from './wire.ts';

const ip = (n: number) => `10.0.1.${n}`;
const vmIds = (...nums: number[]) => nums.map((n) => idOf('vm', n));
const NONE = {
  sets: [],
  networks: [],
  tenants: [],
  bandwidthOut: null,
  bandwidthIn: null,
  newOut: null,
  newIn: null,
  open: null,
};

/** Three vNICs of one tenant that allows everything within. */
const cloud: CloudState = {
  tenants: [{ id: idOf('tenant', 1), num: 1, intraTenant: 'allow' }],
  networks: [{ id: idOf('network', 1), num: 1, vlan: 100, tenantId: null }],
  vms: [1, 2, 3].map((n) => ({
    id: idOf('vm', n),
    tenantId: idOf('tenant', 1),
    tags: {},
    quarantined: false,
    vnics: [{ id: idOf('vnic', n), num: n, networkId: idOf('network', 1), mac: macOf(n), ipv4: [ip(n)], ipv6: [] }],
  })),
  groups: [],
  addressSets: [],
  schedules: [],
  namedServices: [],
  policies: [],
  limits: [],
};

suite('limits in the real switch', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire(3);
    await wire.ovs.appctl.run('dpctl/ct-disable-tcp-seq-chk');
  });
  after(async () => {
    await wire?.stop();
  });
  beforeEach(async () => {
    await wire.sw.conntrack.flush({});
    await wire.sw.flows.apply([]);
  });

  const ports: LocalPort[] = [1, 2, 3].map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));

  async function enforce(...limits: IntentLimit[]): Promise<void> {
    await enforceWith({}, ...limits);
  }

  async function enforceWith(options: PipelineOptions, ...limits: IntentLimit[]): Promise<void> {
    const intent = { ...compileIntent(cloud, { revision: 1, policyRevision: 1 }), limits };
    const pipeline = createPipeline({ intent, ports, uplink: UPLINK, options });
    await wire.sw.flows.apply(pipeline.flows(), pipeline.meters());
  }

  const frame = (from: number, to: number, packet: Buffer) => ethernet(macOf(to), macOf(from), 'ipv4', packet);
  const syns = (from: number, to: number, count: number) =>
    Array.from({ length: count }, (_, n) => frame(from, to, tcp(ip(from), ip(to), 2000 + n, 80, TCP.syn)));
  /** How many of the frames arrive. */
  const arriving = async (from: number, ...frames: Buffer[]) => (await wire.send(portOf(from), ...frames)).length;

  async function dropped(): Promise<Record<string, number>> {
    const seen = (await wire.sw.flows.meterStats()).map(({ id, droppedPackets }) => {
      const { kind, num } = decodeMeter(id)!;
      return [`${kind} ${num}`, Number(droppedPackets)] as const;
    });
    return Object.fromEntries(seen);
  }
  const tracked = async () => (await wire.sw.conntrack.dump({ zone: 1 })).length;

  /** A bucket that a test cannot empty by being slow: it fills by a connection a second. */
  const slow = (burst: number) => ({ perSecond: 1, burst });

  test('connections that a vNIC begins beyond its rate end, and no other vNIC or connection with them', async () => {
    await enforce({ num: 1, vmIds: vmIds(1), ...NONE, newOut: slow(10) });
    const segment = frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.ack));
    await arriving(1, frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.syn)));
    await arriving(2, frame(2, 1, tcp(ip(2), ip(1), 22, 999, TCP.synAck)));
    const passed = await arriving(1, ...syns(1, 2, 200));
    assert.ok(passed >= 5 && passed < 100, `${passed} of 200 passed`);
    assert.deepEqual(await dropped(), { 'newOut 1': 200 - passed });
    assert.equal(await tracked(), 1 + passed, 'what is dropped is not tracked');
    assert.equal(await arriving(1, ...Array.from({ length: 40 }, () => segment)), 40);
    assert.equal(await arriving(3, ...syns(3, 2, 40)), 40);
  });

  test('connections to a vNIC beyond its rate end, whoever begins them', async () => {
    await enforce({ num: 1, vmIds: vmIds(2), ...NONE, newIn: slow(10) });
    const passed = (await arriving(1, ...syns(1, 2, 100))) + (await arriving(3, ...syns(3, 2, 100)));
    assert.ok(passed >= 5 && passed < 100, `${passed} of 200 passed`);
    assert.deepEqual(await dropped(), { 'newIn 2': 200 - passed });
    assert.equal(await arriving(1, ...syns(1, 3, 40)), 40);
  });

  test('datagrams of one connection are one connection, answered or not', async () => {
    await enforce({ num: 1, vmIds: vmIds(1), ...NONE, newOut: slow(2) });
    const datagram = frame(1, 2, udp(ip(1), ip(2), 5000, 514));
    assert.equal(await arriving(1, ...Array.from({ length: 60 }, () => datagram)), 60);
  });

  test('what a vNIC sends and what it is sent beyond its bandwidth ends', async () => {
    const bandwidth = { kbps: 64, burstKbit: 600 };
    const large = (from: number, to: number) =>
      Array.from({ length: 200 }, () => frame(from, to, udp(ip(from), ip(to), 4000, 53, Buffer.alloc(1400))));
    await enforce({ num: 1, vmIds: vmIds(1), ...NONE, bandwidthOut: bandwidth, bandwidthIn: bandwidth });
    const sent = await arriving(1, ...large(1, 2));
    const received = await arriving(2, ...large(2, 1));
    for (const passed of [sent, received]) assert.ok(passed >= 40 && passed < 200, `${passed} of 200 passed`);
    assert.deepEqual(await dropped(), { 'bandwidthOut 1': 200 - sent, 'bandwidthIn 1': 200 - received });
    assert.equal(await arriving(3, ...large(3, 2)), 200);
  });

  test('a vNIC that has as many connections as it may begins no other and is given none, and keeps what it has', async () => {
    const segment = frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.ack));
    await enforce();
    await arriving(1, frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.syn)));
    await arriving(2, frame(2, 1, tcp(ip(2), ip(1), 22, 999, TCP.synAck)));
    await enforceWith({ full: { ...NONE_FULL, vnics: new Set([2]) } });
    assert.equal(await arriving(1, ...syns(1, 2, 3)), 0);
    assert.equal(await arriving(2, ...syns(2, 3, 3)), 0);
    assert.equal(await arriving(1, segment, segment), 2);
    assert.equal(await arriving(1, ...syns(1, 3, 3)), 3);
    const packet = `in_port=${portOf(1)},dl_src=${macOf(1)},dl_dst=${macOf(2)},tcp,nw_src=${ip(1)},nw_dst=${ip(2)},tp_dst=80`;
    const { samples } = await wire.ovs.trace('br0', packet, ['trk,new']);
    assert.deepEqual(
      samples.map(({ point }) => point),
      [SYNTHETIC_RULES.limit],
    );
  });

  test('of a network that has as many as it may, none begins, and those that it has go on', async () => {
    const segment = frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.ack));
    await enforce();
    await arriving(1, frame(1, 2, tcp(ip(1), ip(2), 999, 22, TCP.syn)));
    await arriving(2, frame(2, 1, tcp(ip(2), ip(1), 22, 999, TCP.synAck)));
    await enforceWith({ full: { ...NONE_FULL, networks: new Set([1]) } });
    assert.equal(await arriving(1, ...syns(1, 2, 3)), 0);
    assert.equal(await arriving(1, segment, segment), 2);
    await enforceWith({ full: { ...NONE_FULL, networks: new Set([2]) } });
    assert.equal(await arriving(1, ...syns(1, 3, 3)), 3);
  });

  suite('of rules', () => {
    const NUM = 100;
    const SERVICES: Service[] = [
      { protocol: 'tcp', ports: ['80'] },
      { protocol: 'udp', ports: ['80'] },
    ];
    const rule = (limits: Partial<RuleLimits>): IntentRule => ({
      ...INTENT_RULE_DEFAULTS,
      ...{ num: NUM, key: 'limited', order: 1, tier: 'platform', tenant: null, action: 'allow' },
      ...{ from: null, to: null, services: compileServices(SERVICES) },
      limits: { ...UNLIMITED, ...limits },
    });
    const other = (num: number, from: number, to: number) => frame(from, to, tcp(ip(from), ip(to), num, 81, TCP.syn));
    const others = (from: number, to: number) => Array.from({ length: 40 }, (_, n) => other(3000 + n, from, to));

    async function enforceRule(limits: Partial<RuleLimits>, options: PipelineOptions = {}): Promise<Pipeline> {
      const intent = { ...compileIntent(cloud, { revision: 1, policyRevision: 1 }), rules: [rule(limits)] };
      const pipeline = createPipeline({ intent, ports, uplink: UPLINK, options });
      await wire.sw.flows.apply(pipeline.flows(), pipeline.meters());
      return pipeline;
    }

    test('connections beyond the rate end, whichever vNICs they are between; those of other rules do not', async () => {
      await enforceRule({ newConnections: slow(10) });
      const passed = (await arriving(1, ...syns(1, 2, 100))) + (await arriving(3, ...syns(3, 1, 100)));
      assert.ok(passed >= 5 && passed < 100, `${passed} of 200 passed`);
      assert.deepEqual(await dropped(), { [`ruleNew ${NUM}`]: 200 - passed });
      assert.equal(await tracked(), passed, 'what is dropped is not tracked');
      assert.equal(await arriving(1, ...others(1, 2)), 40);
    });

    test('what is beyond the bandwidth ends, both directions together', async () => {
      await enforceRule({ bandwidth: { kbps: 64, burstKbit: 600 } });
      const data = Buffer.alloc(1400);
      const asked = frame(1, 2, udp(ip(1), ip(2), 2000, 80, data));
      const answered = frame(2, 1, udp(ip(2), ip(1), 80, 2000, data));
      const passed =
        (await arriving(1, ...Array.from({ length: 100 }, () => asked))) +
        (await arriving(2, ...Array.from({ length: 100 }, () => answered)));
      assert.ok(passed >= 40 && passed < 200, `${passed} of 200 passed`);
      assert.deepEqual(await dropped(), { [`ruleBandwidth ${NUM}`]: 200 - passed });
      assert.equal(await arriving(1, ...others(1, 2)), 40);
    });

    test('a rule that has as many connections as it may lets no other begin, and keeps what it has', async () => {
      const pipeline = await enforceRule({ open: 10 });
      assert.deepEqual(pipeline.openLimits(), { vnics: new Map(), rules: new Map([[NUM, 10]]) });
      const segment = frame(1, 2, tcp(ip(1), ip(2), 2000, 80, TCP.ack));
      await arriving(1, ...syns(1, 2, 1));
      await arriving(2, frame(2, 1, tcp(ip(2), ip(1), 80, 2000, TCP.synAck)));
      await wire.sw.flows.applyDelta(pipeline.update({ options: { full: { ...NONE_FULL, rules: new Set([NUM]) } } }));
      assert.equal(await arriving(1, ...syns(1, 3, 3)), 0);
      assert.equal(await arriving(1, segment, segment), 2);
      assert.equal(await arriving(1, ...others(1, 3)), 40);
      await wire.sw.flows.applyDelta(pipeline.update({ options: {} }));
      assert.equal(await arriving(1, ...syns(1, 3, 3)), 3);
    });

    test('a connection counts for the vNIC and for the rule; what the one drops does not count for the other', async () => {
      const limits = [{ num: 1, vmIds: vmIds(1), ...NONE, newOut: slow(5) }];
      const rules = [rule({ newConnections: slow(20) })];
      const intent = { ...compileIntent(cloud, { revision: 1, policyRevision: 1 }), limits, rules };
      const pipeline = createPipeline({ intent, ports, uplink: UPLINK });
      await wire.sw.flows.apply(pipeline.flows(), pipeline.meters());
      const few = await arriving(1, ...syns(1, 2, 100));
      const rest = await arriving(3, ...syns(3, 2, 100));
      assert.deepEqual(await dropped(), { 'newOut 1': 100 - few, [`ruleNew ${NUM}`]: 100 - rest });
      assert.ok(few < rest && few + rest < 60, `${few} and ${rest} passed`);
    });
  });

  test('what is over a limit is reported as no flow that passed', async () => {
    await enforce({ num: 1, vmIds: vmIds(1), ...NONE, newOut: slow(1) });
    const packet = `in_port=${portOf(1)},dl_src=${macOf(1)},dl_dst=${macOf(2)},tcp,nw_src=${ip(1)},nw_dst=${ip(2)},tp_dst=80`;
    const { tables, samples, datapathActions } = await wire.ovs.trace('br0', packet, ['trk,new']);
    assert.ok(tables.indexOf(TABLES.newOut) < tables.indexOf(TABLES.sample));
    assert.deepEqual(
      samples.map(({ point }) => point),
      [SYNTHETIC_RULES['same-tenant']],
    );
    assert.match(datapathActions.at(-1) ?? '', /^meter\(\d+\),ct\(commit/);
  });
});
