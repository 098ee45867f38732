import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { ANYONE, RULE_DEFAULTS, type Rule, type Service } from '@hypervigil/model';
import { type CloudState, compileIntent } from '@hypervigil/policy';
import { EMPTY_GROUP, idOf, macOf } from '@hypervigil/policy/testing';
import { compilePipeline, createPipeline, LOGGED_MARK, type LocalPort, TABLES } from '../src/index.ts';
import { arp, BROADCAST, ethernet, TCP, tcp, udp, unreachable } from './ethernet.ts';
import { portOf, UPLINK } from './harness.ts';
import { startWire, type Wire } from './wire.ts';

const VLAN = 100;
const ROUTER = '02:00:00:00:00:01';
const ip = (n: number) => `10.0.1.${n}`;

/** vNIC 1 may ask vNIC 2 for one service; they and a third are of one tenant that allows nothing by itself. */
function cloud(...rules: readonly [from: number, to: number, service: Service][]): CloudState {
  const group = (n: number) => ({ ...EMPTY_GROUP, id: idOf('group', n), num: n, vmIds: [idOf('vm', n)] });
  const peer = (n: number) => ({ ...ANYONE, groupIds: [idOf('group', n)] });
  return {
    tenants: [{ id: idOf('tenant', 1), num: 1, intraTenant: 'deny' }],
    networks: [{ id: idOf('network', 1), num: 1, vlan: VLAN, tenantId: null }],
    vms: [1, 2, 3].map((n) => ({
      id: idOf('vm', n),
      tenantId: idOf('tenant', 1),
      tags: {},
      quarantined: false,
      vnics: [{ id: idOf('vnic', n), num: n, networkId: idOf('network', 1), mac: macOf(n), ipv4: [ip(n)], ipv6: [] }],
    })),
    groups: [group(1), group(2)],
    addressSets: [],
    schedules: [],
    namedServices: [],
    limits: [],
    policies: [
      {
        id: idOf('policy', 1),
        tier: 'tenant',
        tenantId: idOf('tenant', 1),
        order: 0,
        enabled: true,
        rules: rules.map(
          ([from, to, service], i): Rule => ({
            id: idOf('rule', 100 + i),
            num: 100 + i,
            name: `rule ${i}`,
            enabled: true,
            action: 'allow',
            from: peer(from),
            to: peer(to),
            services: [service],
            ...RULE_DEFAULTS,
          }),
        ),
      },
    ],
  };
}

const DNS: Service = { protocol: 'udp', ports: ['53'] };
const NTP: Service = { protocol: 'udp', ports: ['123'] };
const WEB: Service = { protocol: 'tcp', ports: ['80'] };

suite('connections through the real switch', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire(3);
    // Segments here carry no real sequence numbers.
    await wire.ovs.appctl.run('dpctl/ct-disable-tcp-seq-chk');
  });
  after(async () => {
    await wire?.stop();
  });
  beforeEach(async () => {
    await wire.sw.conntrack.flush({});
    await wire.ovs.ofctl('-O', 'OpenFlow15', 'del-flows', `unix:${wire.ovs.runDir}/br0.mgmt`);
    await wire.sw.flows.repair();
  });

  const bothHere: LocalPort[] = [1, 2, 3].map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));

  async function enforce(state: CloudState, { ports = bothHere, carryOver = [] as number[] } = {}): Promise<void> {
    const intent = compileIntent(state, { revision: 1, policyRevision: 1 });
    const options = { carryOver: new Set(carryOver) };
    await wire.sw.flows.apply(compilePipeline({ intent, ports, uplink: UPLINK, options }));
  }

  /** From one vNIC to the other, both on this host: whether it arrives. */
  async function passes(from: number, to: number, packet: Buffer): Promise<boolean> {
    const out = await wire.send(portOf(from), ethernet(macOf(to), macOf(from), 'ipv4', packet));
    assert.ok(out.every(({ port }) => port === portOf(to)));
    return out.length === 1;
  }

  const query = udp(ip(1), ip(2), 4000, 53);
  const answer = udp(ip(2), ip(1), 53, 4000);

  test('an answer passes because it was asked for', async () => {
    await enforce(cloud([1, 2, DNS]));
    assert.equal(await passes(2, 1, answer), false);
    assert.equal(await passes(1, 2, query), true);
    assert.equal(await passes(2, 1, answer), true);
    assert.equal(await passes(2, 1, udp(ip(2), ip(1), 53, 4001)), false);
  });

  test('a rule withdrawn cuts the next packet of its connections, of both directions; a rule given again joins them', async () => {
    await enforce(cloud([1, 2, DNS]));
    assert.equal(await passes(1, 2, query), true);
    await enforce(cloud());
    assert.equal(await passes(2, 1, answer), false);
    assert.equal(await passes(1, 2, query), false);
    await enforce(cloud([1, 2, DNS]));
    assert.equal(await passes(2, 1, answer), true);
    assert.equal(await passes(1, 2, query), true);
  });

  test('the connection names the rule that judged it last', async () => {
    await enforce(cloud([1, 2, DNS]));
    await passes(1, 2, query);
    const label = async () => (await wire.sw.conntrack.dump({ zone: 1 })).map(({ labels }) => labels & 0xffff_ffffn);
    assert.deepEqual(await label(), [100n]);
    await enforce(cloud([1, 2, NTP], [1, 2, DNS]));
    await passes(2, 1, answer);
    assert.deepEqual(await label(), [101n]);
    await enforce(cloud());
    await passes(1, 2, query);
    assert.deepEqual(await label(), [1n]);
  });

  test('of a rule that samples, one connection in so many is recorded whole, and the others not at all', async () => {
    const state = cloud([1, 2, DNS]);
    const [policy] = state.policies;
    const rules = policy!.rules.map((rule) => ({ ...rule, log: true, logSampling: 4 }));
    await enforce({ ...state, policies: [{ ...policy!, rules }] });
    const ports = Array.from({ length: 24 }, (_, n) => 4000 + n);
    for (const port of ports) {
      assert.equal(await passes(1, 2, udp(ip(1), ip(2), port, 53)), true);
      assert.equal(await passes(2, 1, udp(ip(2), ip(1), 53, port)), true);
      assert.equal(await passes(1, 2, udp(ip(1), ip(2), port, 53)), true);
    }
    const connections = await wire.sw.conntrack.dump({ zone: 1 });
    assert.equal(connections.length, ports.length);
    const recorded = connections.filter(({ mark }) => mark & LOGGED_MARK).length;
    assert.ok(recorded > 0 && recorded < ports.length / 2, `${recorded} of ${ports.length}`);
    await wire.ovs.appctl.run('revalidator/purge');
    assert.equal(await packetsReported(), 3 * recorded);
  });

  /** By the switch's own counters. */
  async function packetsReported(): Promise<number> {
    const dumps = await Promise.all(
      [TABLES.sample, TABLES.record].map((table) =>
        wire.ovs.ofctl('-O', 'OpenFlow15', 'dump-flows', `unix:${wire.ovs.runDir}/br0.mgmt`, `table=${table}`),
      ),
    );
    const counts = dumps.join('\n').matchAll(/n_packets=(\d+).*actions=sample\(/g);
    return counts.reduce((sum, [, packets]) => sum + Number(packets), 0);
  }

  test('an ICMP error passes for as long as its connection may live', async () => {
    await enforce(cloud([1, 2, DNS]));
    const error = unreachable(ip(2), ip(1), query);
    assert.equal(await passes(2, 1, error), false);
    assert.equal(await passes(1, 2, query), true);
    assert.equal(await passes(2, 1, error), true);
    await enforce(cloud());
    assert.equal(await passes(2, 1, error), false);
  });

  test('an ICMP error about a connection is for its ends to send, and for routers outside', async () => {
    await enforce(cloud([1, 2, DNS]));
    assert.equal(await passes(1, 2, query), true);
    // Of the same tenant, but neither end; and with no rule for anything that it may send.
    const forged = ethernet(macOf(1), macOf(3), 'ipv4', unreachable(ip(3), ip(1), query));
    assert.deepEqual(await wire.send(portOf(3), forged), []);
    const router = ethernet(macOf(1), ROUTER, 'ipv4', unreachable('198.51.100.1', ip(1), query), VLAN);
    assert.deepEqual(
      (await wire.send(UPLINK, router)).map(({ port }) => port),
      [portOf(1)],
    );
    assert.equal(await passes(2, 1, unreachable(ip(2), ip(1), query)), true);
  });

  test('where only the other direction is allowed now, it begins a connection of its own', async () => {
    await enforce(cloud([1, 2, NTP]));
    assert.equal(await passes(1, 2, udp(ip(1), ip(2), 123, 123)), true);
    await enforce(cloud([2, 1, NTP]));
    assert.equal(await passes(1, 2, udp(ip(1), ip(2), 123, 123)), false);
    assert.equal(await passes(2, 1, udp(ip(2), ip(1), 123, 123)), true);
    assert.equal(await passes(1, 2, udp(ip(1), ip(2), 123, 123)), true);
  });

  test('a TCP connection, from its first segment on', async () => {
    await enforce(cloud([1, 2, WEB]));
    assert.equal(await passes(2, 1, tcp(ip(2), ip(1), 80, 4000, TCP.syn)), false);
    assert.equal(await passes(1, 2, tcp(ip(1), ip(2), 4000, 80, TCP.syn)), true);
    assert.equal(await passes(2, 1, tcp(ip(2), ip(1), 80, 4000, TCP.synAck)), true);
    assert.equal(await passes(1, 2, tcp(ip(1), ip(2), 4000, 80, TCP.ack)), true);
    assert.equal(await passes(2, 1, tcp(ip(2), ip(1), 80, 4000, TCP.ack)), true);
  });

  for (const [name, service, ask, reply] of [
    ['TCP', WEB, tcp(ip(1), ip(2), 4000, 80, TCP.ack), tcp(ip(2), ip(1), 80, 4000, TCP.ack)],
    ['UDP', DNS, query, answer],
  ] as const) {
    test(`a ${name} connection that moved here goes on, whoever speaks first, and stays when the time is over`, async () => {
      const state = cloud([1, 2, service]);
      await enforce(state);
      assert.equal(await passes(2, 1, reply), false);
      await enforce(state, { carryOver: [1] });
      assert.equal(await passes(2, 1, reply), true);
      assert.equal(await passes(1, 2, ask), true);
      await enforce(state);
      assert.equal(await passes(2, 1, reply), true);
      assert.equal(await passes(1, 2, ask), true);
      await enforce(cloud());
      assert.equal(await passes(2, 1, reply), false);
      assert.equal(await passes(1, 2, ask), false);
    });
  }

  test('carrying over opens no new connection against the rules', async () => {
    await enforce(cloud([1, 2, WEB], [1, 2, DNS]), { carryOver: [1, 2] });
    assert.equal(await passes(2, 1, tcp(ip(2), ip(1), 80, 4000, TCP.syn)), false);
    assert.equal(await passes(2, 1, tcp(ip(2), ip(1), 81, 4000, TCP.ack)), false);
    assert.equal(await passes(2, 1, udp(ip(2), ip(1), 54, 4000)), false);
  });

  suite('while a VM migrates', () => {
    const state = cloud([1, 2, DNS]);
    const toVm = ethernet(macOf(2), macOf(1), 'ipv4', query);
    /** As QEMU announces a VM that has moved (net/announce.c). */
    const announcement = ethernet(BROADCAST, macOf(2), 'rarp', arp(3, macOf(2), '0.0.0.0', macOf(2), '0.0.0.0'));
    const overTrunk = (frame: Buffer) =>
      Buffer.concat([frame.subarray(0, 12), Buffer.from([0x81, 0, 0, VLAN]), frame.subarray(12)]);
    const portsOf = (frames: readonly { port: number }[]) => frames.map(({ port }) => port);

    test('the target delivers nothing to it before its first frame, and everything after', async () => {
      const ports = bothHere.map((port) => ({ ...port, active: port.vnicNum === 1 }));
      await enforce(state, { ports });
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [UPLINK]);
      const [announced] = await wire.send(portOf(2), announcement);
      assert.equal(announced?.port, UPLINK);
      assert.equal(announced?.frame.readUInt16BE(14) & 0xfff, VLAN);
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [portOf(2)]);
    });

    test('the source sends it nothing more once it speaks from elsewhere, and takes what it sends from there', async () => {
      await enforce(state);
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [portOf(2)]);
      assert.deepEqual(await wire.send(UPLINK, overTrunk(announcement)), []);
      const [sent] = await wire.send(portOf(1), toVm);
      assert.equal(sent?.port, UPLINK);
      const back = overTrunk(ethernet(macOf(1), macOf(2), 'ipv4', answer));
      assert.deepEqual(portsOf(await wire.send(UPLINK, back)), [portOf(1)]);
    });

    test('it may start here again: what was learned is forgotten', async () => {
      const intent = compileIntent(state, { revision: 1, policyRevision: 1 });
      const pipeline = createPipeline({ intent, ports: bothHere, uplink: UPLINK });
      await wire.sw.flows.apply(pipeline.flows());
      await wire.send(UPLINK, overTrunk(announcement));
      await wire.sw.flows.applyDelta(pipeline.update({ ports: bothHere.slice(0, 1) }));
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [UPLINK]);
      await wire.sw.flows.applyDelta(pipeline.update({ ports: bothHere }));
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [portOf(2)]);
    });

    test('it may go on to another host at once: nothing is sent to the port that it had', async () => {
      const intent = compileIntent(state, { revision: 1, policyRevision: 1 });
      const arriving = bothHere.map((port) => ({ ...port, active: port.vnicNum === 1 }));
      const pipeline = createPipeline({ intent, ports: arriving, uplink: UPLINK });
      await wire.sw.flows.apply(pipeline.flows());
      await wire.send(portOf(2), announcement);
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [portOf(2)]);
      await wire.sw.flows.applyDelta(pipeline.update({ ports: bothHere.slice(0, 1) }));
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [UPLINK]);
    });

    test('it may come back at once', async () => {
      const ports = bothHere.map((port) => ({ ...port, active: port.vnicNum === 1 }));
      await enforce(state);
      await wire.send(UPLINK, overTrunk(announcement));
      await enforce(state, { ports });
      await wire.send(portOf(2), announcement);
      assert.deepEqual(portsOf(await wire.send(portOf(1), toVm)), [portOf(2)]);
    });
  });
});
