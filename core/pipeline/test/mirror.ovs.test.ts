import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { type HostIntent, INTENT_RULE_DEFAULTS } from '@hypervigil/model';
import { idOf, macOf } from '@hypervigil/policy/testing';
import { compilePipeline, type LocalMirror, TABLES } from '../src/index.ts';
import { ethernet, TCP, tcp, udp, unreachable } from './ethernet.ts';
import { portOf, UPLINK } from './harness.ts';
import { startWire, type Wire } from './wire.ts';

const VLAN = 100;
const NETWORK = 7;
const ROUTER = '02:00:00:00:00:01';
const ip = (n: number) => `10.0.1.${n}`;
const TAP = 40;
/** Of the rule that lets vNICs 1 and 2 of a tenant talk; vNIC 3 is another tenant's. */
const OF_RULE: LocalMirror = { id: idOf('mirror', 1), num: 1, oneIn: 1, vnics: [], port: TAP };
const OF_VNIC: LocalMirror = { id: idOf('mirror', 2), num: 2, oneIn: 1, vnics: [1], port: TAP };

const INTENT: HostIntent = {
  revision: 1,
  policyRevision: 1,
  networks: [{ num: NETWORK, id: idOf('network', 1), vlan: VLAN, maxConnections: null }],
  tenants: [1, 2].map((num) => ({ num, id: idOf('tenant', num), intraTenant: 'deny' as const })),
  vnics: [1, 2, 3].map((num) => ({
    num,
    id: idOf('vnic', num),
    vmId: idOf('vm', num),
    network: NETWORK,
    tenant: num === 3 ? 2 : 1,
    mac: macOf(num),
    ipv4: [ip(num)],
    ipv6: [],
    quarantined: false,
  })),
  sets: [],
  staged: [],
  limits: [],
  rules: [
    {
      num: 100,
      key: 'a',
      order: 1,
      tier: 'tenant',
      tenant: 1,
      action: 'allow',
      from: null,
      to: null,
      services: [],
      ...INTENT_RULE_DEFAULTS,
      mirror: OF_RULE.id,
    },
  ],
};

suite('copies through the real switch', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire(3, [TAP]);
    await wire.ovs.appctl.run('dpctl/ct-disable-tcp-seq-chk');
  });
  after(async () => {
    await wire?.stop();
  });
  beforeEach(async () => {
    await wire.sw.conntrack.flush({});
  });

  async function enforce(mirrors: readonly LocalMirror[], here: readonly number[] = [1, 2, 3]): Promise<void> {
    const ports = here.map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));
    await wire.sw.flows.apply(compilePipeline({ intent: INTENT, ports, uplink: UPLINK, mirrors }));
  }

  const frame = (from: number, to: number, packet: Buffer, vlan?: number) =>
    ethernet(macOf(to), macOf(from), 'ipv4', packet, vlan);
  const syn = (from: number, to: number, port = 4000) => tcp(ip(from), ip(to), port, 80, TCP.syn);
  const synAck = (from: number, to: number, port = 4000) => tcp(ip(from), ip(to), 80, port, TCP.synAck);
  /** Where a frame comes out: the copies, and the rest. */
  async function send(port: number, sent: Buffer) {
    const out = await wire.send(port, sent);
    const [copies, others] = [true, false].map((isCopy) => out.filter((one) => (one.port === TAP) === isCopy));
    return {
      copies: copies!.map((one) => one.frame.subarray(0, 54).toString('hex')),
      ports: others!.map((one) => one.port),
    };
  }
  const bytes = (sent: Buffer) => sent.subarray(0, 54).toString('hex');

  test('of what a rule allows, in both directions; whatever is denied leaves none', async () => {
    await enforce([OF_RULE]);
    const [asked, answer] = [frame(1, 2, syn(1, 2)), frame(2, 1, synAck(2, 1))];
    assert.deepEqual(await send(portOf(1), asked), { copies: [bytes(asked)], ports: [portOf(2)] });
    assert.deepEqual(await send(portOf(2), answer), { copies: [bytes(answer)], ports: [portOf(1)] });
    assert.deepEqual(await send(portOf(1), frame(1, 3, syn(1, 3))), { copies: [], ports: [] });
    const query = udp(ip(1), ip(2), 4000, 53);
    await send(portOf(1), frame(1, 2, query));
    const error = frame(2, 1, unreachable(ip(2), ip(1), query));
    assert.deepEqual(await send(portOf(2), error), { copies: [bytes(error)], ports: [portOf(1)] });
  });

  test('on one host of two: that of the end which did not begin the connection', async () => {
    const tagged = (from: number, to: number, packet: Buffer) => frame(from, to, packet, VLAN);
    await enforce([OF_RULE], [1]);
    assert.deepEqual((await send(portOf(1), frame(1, 2, syn(1, 2)))).copies, []);
    assert.deepEqual((await send(UPLINK, tagged(2, 1, synAck(2, 1)))).copies, []);
    await wire.sw.conntrack.flush({});
    await enforce([OF_RULE], [2]);
    // The copy is as it came to the cloud: without the trunk's tag.
    assert.deepEqual((await send(UPLINK, tagged(1, 2, syn(1, 2)))).copies, [bytes(frame(1, 2, syn(1, 2)))]);
    assert.deepEqual((await send(portOf(2), frame(2, 1, synAck(2, 1)))).copies, [bytes(frame(2, 1, synAck(2, 1)))]);
    await enforce([OF_RULE], [1]);
    const out = ethernet(ROUTER, macOf(1), 'ipv4', tcp(ip(1), '198.51.100.9', 4000, 443, TCP.syn));
    assert.deepEqual(await send(portOf(1), out), { copies: [bytes(out)], ports: [UPLINK] });
  });

  test('of a vNIC, as it arrives, whatever becomes of it', async () => {
    await enforce([OF_VNIC]);
    const denied = frame(3, 1, syn(3, 1));
    assert.deepEqual(await send(portOf(3), denied), { copies: [bytes(denied)], ports: [] });
    const forged = ethernet(macOf(2), macOf(9), 'ipv4', syn(9, 2));
    assert.deepEqual(await send(portOf(1), forged), { copies: [bytes(forged)], ports: [] });
    assert.deepEqual(await send(portOf(2), frame(2, 3, syn(2, 3))), { copies: [], ports: [] });
  });

  test('one of each packet, also where the mirror watches both ends and the rule', async () => {
    await enforce([{ ...OF_RULE, vnics: [1, 2] }]);
    const asked = frame(1, 2, syn(1, 2));
    assert.deepEqual(await send(portOf(1), asked), { copies: [bytes(asked)], ports: [portOf(2)] });
  });

  test('of one connection in four: each of them whole or not at all', async () => {
    await enforce([{ ...OF_RULE, oneIn: 4 }]);
    let whole = 0;
    for (let port = 5000; port < 5064; port++) {
      const there = await send(portOf(1), frame(1, 2, syn(1, 2, port)));
      const back = await send(portOf(2), frame(2, 1, synAck(2, 1, port)));
      assert.deepEqual([there.ports, back.ports], [[portOf(2)], [portOf(1)]]);
      assert.equal(there.copies.length, back.copies.length, String(port));
      whole += there.copies.length;
    }
    // The hash is always the same one; a fair one takes 16 of 64.
    assert.ok(whole >= 6 && whole <= 28, String(whole));
  });

  test('without a port for them they are dropped and counted, and the packet goes its way', async () => {
    await enforce([{ ...OF_RULE, port: null }]);
    assert.deepEqual(await send(portOf(1), frame(1, 2, syn(1, 2))), { copies: [], ports: [portOf(2)] });
    await wire.ovs.appctl.run('revalidator/purge');
    const rows = await wire.sw.flows.stats({ table: TABLES.mirrorTo });
    assert.deepEqual(
      rows.map(({ packets }) => Number(packets)),
      [1],
    );
  });

  test('for a gateway they carry their network as a tag, and the packet goes on without', async () => {
    await enforce([{ ...OF_RULE, tagged: true }]);
    const [asked, answer] = [frame(1, 2, syn(1, 2)), frame(2, 1, synAck(2, 1))];
    const tagged = (sent: Buffer) =>
      Buffer.concat([sent.subarray(0, 12), Buffer.of(0x81, 0, 0, NETWORK), sent.subarray(12)]);
    const there = await wire.send(portOf(1), asked);
    const at = (out: typeof there, port: number) =>
      out.filter((one) => one.port === port).map((one) => one.frame.subarray(0, 58).toString('hex'));
    assert.deepEqual(at(there, TAP), [tagged(asked).subarray(0, 58).toString('hex')]);
    assert.deepEqual(at(there, portOf(2)), [asked.subarray(0, 58).toString('hex')]);
    assert.deepEqual((await send(portOf(2), answer)).ports, [portOf(1)]);
  });

  test('nothing that comes from where copies go is delivered', async () => {
    await enforce([OF_RULE, OF_VNIC]);
    for (const sent of [frame(1, 2, syn(1, 2)), frame(1, 2, syn(1, 2), NETWORK), frame(1, 2, syn(1, 2), VLAN)])
      assert.deepEqual(await send(TAP, sent), { copies: [], ports: [] });
  });
});
