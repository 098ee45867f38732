import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { type HostIntent, INTENT_RULE_DEFAULTS, type IntentLink, type OnFailure } from '@hypervigil/model';
import { macOf } from '@hypervigil/policy/testing';
import { compilePipeline, type LocalGateway } from '../src/index.ts';
import { BROADCAST, ethernet, TCP, tcp, udp, unreachable } from './ethernet.ts';
import { portOf, UPLINK } from './harness.ts';
import { startWire, type Wire } from './wire.ts';

const VLAN = 100;
const NETWORK = 7;
const ROUTER = '02:00:00:00:00:01';
const OUTSIDE = '198.51.100.9';
const ip = (n: number) => `10.0.1.${n}`;
const ONE: LocalGateway = { num: 1, group: 1, left: 30, right: 31, takes: 'new' };
const TWO: LocalGateway = { num: 2, group: 1, left: 32, right: 33, takes: 'new' };
const NEXT: LocalGateway = { num: 3, group: 2, left: 34, right: 35, takes: 'new' };
const LAST: LocalGateway = { num: 4, group: 3, left: 36, right: 37, takes: 'new' };
const OTHER: LocalGateway = { num: 5, group: 2, left: 38, right: 39, takes: 'new' };
const ALL = [ONE, TWO, NEXT, LAST, OTHER];

/** vNICs 1 and 2 of one tenant, 3 of another; everything is allowed through the gateways of group 1, and then of others. */
function intentOf(onFailure: OnFailure, next: readonly IntentLink[] = []): HostIntent {
  const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  return {
    revision: 1,
    policyRevision: 1,
    networks: [{ num: NETWORK, id: id(1), vlan: VLAN, maxConnections: null }],
    tenants: [1, 2].map((num) => ({ num, id: id(num), intraTenant: 'deny' as const })),
    vnics: [1, 2, 3].map((num) => ({
      num,
      id: id(num),
      vmId: id(num),
      network: NETWORK,
      tenant: num === 3 ? 2 : 1,
      mac: macOf(num),
      ipv4: [ip(num)],
      ipv6: [],
      quarantined: false,
    })),
    sets: [{ num: 1, tenant: 1, members: [] }],
    staged: [],
    limits: [],
    rules: [
      {
        num: 100,
        key: 'a',
        order: 1,
        tier: 'tenant',
        tenant: 1,
        action: 'inspect',
        from: null,
        to: null,
        services: [],
        inspect: { group: 1, onFailure, next: [...next] },
        ...INTENT_RULE_DEFAULTS,
      },
    ],
  };
}

suite('an inspected connection through the real switch', () => {
  let wire: Wire;
  before(async () => {
    wire = await startWire(
      3,
      ALL.flatMap(({ left, right }) => [left, right]),
    );
    await wire.ovs.appctl.run('dpctl/ct-disable-tcp-seq-chk');
  });
  after(async () => {
    await wire?.stop();
  });
  beforeEach(async () => {
    await wire.sw.conntrack.flush({});
  });

  interface Setting {
    readonly onFailure?: OnFailure;
    readonly here?: readonly number[];
    readonly next?: readonly IntentLink[];
  }
  async function enforce(
    gateways: readonly LocalGateway[],
    { onFailure = 'closed', here = [1, 2, 3], next = [] }: Setting = {},
  ) {
    const ports = here.map((vnicNum) => ({ vnicNum, ofport: portOf(vnicNum), active: true }));
    await wire.sw.flows.apply(compilePipeline({ intent: intentOf(onFailure, next), ports, uplink: UPLINK, gateways }));
  }

  const frame = (from: number, to: number, packet: Buffer, vlan?: number) =>
    ethernet(macOf(to), macOf(from), 'ipv4', packet, vlan);
  const syn = (from: number, to: number, port = 4000) => tcp(ip(from), ip(to), port, 80, TCP.syn);
  const synAck = (from: number, to: number, port = 4000) => tcp(ip(from), ip(to), 80, port, TCP.synAck);
  type Out = Awaited<ReturnType<Wire['send']>>;
  /** One frame, by this port; a tag more or less leaves its padding as it was. */
  function isOut(out: Out, port: number, expected: Buffer): void {
    const cut = (bytes: Buffer | undefined) => bytes?.subarray(0, 54).toString('hex');
    assert.deepEqual([out.length, out[0]?.port, cut(out[0]?.frame)], [1, port, cut(expected)]);
  }
  const portsOf = (out: readonly { port: number }[]) => out.map(({ port }) => port);

  test('goes in left as its network, and what comes out right is delivered; answers the other way round', async () => {
    await enforce([ONE]);
    const asked = await wire.send(portOf(1), frame(1, 2, syn(1, 2)));
    isOut(asked, ONE.left, frame(1, 2, syn(1, 2), NETWORK));
    isOut(await wire.send(ONE.right, asked[0]!.frame), portOf(2), frame(1, 2, syn(1, 2)));
    const answered = await wire.send(portOf(2), frame(2, 1, synAck(2, 1)));
    isOut(answered, ONE.right, frame(2, 1, synAck(2, 1), NETWORK));
    assert.deepEqual(portsOf(await wire.send(ONE.left, answered[0]!.frame)), [portOf(1)]);
  });

  test('is inspected where the end is that did not begin it, and nowhere else', async () => {
    const tagged = (from: number, to: number, packet: Buffer) => frame(from, to, packet, VLAN);
    await enforce([ONE], { here: [1] });
    assert.deepEqual(portsOf(await wire.send(portOf(1), frame(1, 2, syn(1, 2)))), [UPLINK]);
    assert.deepEqual(portsOf(await wire.send(UPLINK, tagged(2, 1, synAck(2, 1)))), [portOf(1)]);
    await wire.sw.conntrack.flush({});
    await enforce([ONE], { here: [2] });
    assert.deepEqual(portsOf(await wire.send(UPLINK, tagged(1, 2, syn(1, 2)))), [ONE.left]);
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, synAck(2, 1)))), [ONE.right]);
    const back = await wire.send(ONE.left, frame(2, 1, synAck(2, 1), NETWORK));
    isOut(back, UPLINK, tagged(2, 1, synAck(2, 1)));
  });

  test('to and from the outside of the cloud it is inspected on the host of its one end', async () => {
    await enforce([ONE], { here: [1] });
    const out = ethernet(ROUTER, macOf(1), 'ipv4', tcp(ip(1), OUTSIDE, 4000, 443, TCP.syn));
    assert.deepEqual(portsOf(await wire.send(portOf(1), out)), [ONE.left]);
    const answer = ethernet(macOf(1), ROUTER, 'ipv4', tcp(OUTSIDE, ip(1), 443, 4000, TCP.synAck), VLAN);
    assert.deepEqual(portsOf(await wire.send(UPLINK, answer)), [ONE.right]);
  });

  test('keeps its gateway when another joins, also while that one is drained; new ones are shared', async () => {
    await enforce([ONE]);
    await wire.send(portOf(1), frame(1, 2, syn(1, 2)));
    await enforce([{ ...ONE, takes: 'known' }, TWO]);
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, synAck(2, 1)))), [ONE.right]);
    assert.deepEqual(portsOf(await wire.send(portOf(1), frame(1, 2, syn(1, 2, 4001)))), [TWO.left]);
    await enforce([ONE, TWO]);
    const used = new Set<number>();
    for (let port = 5000; port < 5004; port++)
      for (const { port: left } of await wire.send(portOf(1), frame(1, 2, syn(1, 2, port)))) used.add(left);
    assert.deepEqual(used, new Set([ONE.left, TWO.left]));
  });

  test('when its gateway fails, another takes it over in both directions', async () => {
    await enforce([ONE]);
    await wire.send(portOf(1), frame(1, 2, syn(1, 2)));
    await enforce([{ ...ONE, takes: 'none' }, TWO]);
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, synAck(2, 1)))), [TWO.right]);
    await enforce([ONE, TWO]);
    assert.deepEqual(portsOf(await wire.send(portOf(1), frame(1, 2, syn(1, 2)))), [TWO.left]);
  });

  test('when no gateway is left, the rule says whether it ends or goes on', async () => {
    const failed = [{ ...ONE, takes: 'none' as const }];
    await enforce([ONE]);
    await wire.send(portOf(1), frame(1, 2, syn(1, 2)));
    await enforce(failed);
    assert.deepEqual(await wire.send(portOf(2), frame(2, 1, synAck(2, 1))), []);
    assert.deepEqual(await wire.send(portOf(1), frame(1, 2, syn(1, 2, 4001))), []);
    await enforce(failed, { onFailure: 'open' });
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, synAck(2, 1)))), [portOf(1)]);
    await enforce([ONE], { onFailure: 'open' });
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, synAck(2, 1)))), [ONE.right]);
  });

  test('takes the errors that speak of it along', async () => {
    await enforce([ONE]);
    const query = udp(ip(1), ip(2), 4000, 53);
    await wire.send(portOf(1), frame(1, 2, query));
    assert.deepEqual(portsOf(await wire.send(portOf(2), frame(2, 1, unreachable(ip(2), ip(1), query)))), [ONE.left]);
  });

  test('copies for many never get to a gateway, and none comes from it', async () => {
    const query = ethernet('01:00:5e:00:00:fb', macOf(1), 'ipv4', udp(ip(1), '224.0.0.251', 5353, 5353));
    await enforce([ONE]);
    assert.deepEqual(await wire.send(portOf(1), query), []);
    await enforce([ONE], { onFailure: 'open' });
    assert.deepEqual(portsOf(await wire.send(portOf(1), query)).toSorted(), [UPLINK, portOf(2)]);
    for (const to of ['01:00:5e:00:00:fb', BROADCAST])
      assert.deepEqual(await wire.send(ONE.right, ethernet(to, macOf(1), 'ipv4', syn(1, 2), NETWORK)), []);
  });

  test('a gateway delivers what its host knows, sends nothing abroad in the name of others, and speaks for no other network', async () => {
    await enforce([ONE]);
    // In the name of somebody who is not here, to somebody who is not here either.
    assert.deepEqual(await wire.send(ONE.right, frame(8, 9, syn(8, 9), NETWORK)), []);
    assert.deepEqual(await wire.send(ONE.right, frame(1, 2, syn(1, 2), NETWORK + 1)), []);
    assert.deepEqual(await wire.send(ONE.right, frame(1, 2, syn(1, 2))), []);
  });

  test('frames to a MAC address of a gateway are for nobody', async () => {
    await enforce([ONE]);
    const crafted = ethernet('52:54:00:78:10:04', macOf(3), 'ipv4', syn(3, 2));
    assert.deepEqual(portsOf(await wire.send(portOf(3), crafted)), []);
  });

  suite('through a chain', () => {
    const closed = (...groups: number[]) => groups.map((group) => ({ group, onFailure: 'closed' as const }));
    const open = (...groups: number[]) => groups.map((group) => ({ group, onFailure: 'open' as const }));
    /** Which gateways a frame passes, each of which lets it through, and where it comes out of the last one. */
    async function passed(from: number, sent: Buffer): Promise<{ gateways: number[]; ports: number[] }> {
      const gateways: number[] = [];
      let out = await wire.send(from, sent);
      // A gateway that a frame comes to twice would be a loop.
      while (out.length === 1 && gateways.length < ALL.length) {
        const [{ port, frame: bytes }] = out as [(typeof out)[number]];
        const gateway = ALL.find(({ left, right }) => port === left || port === right);
        if (!gateway) break;
        gateways.push(gateway.num);
        out = await wire.send(port === gateway.left ? gateway.right : gateway.left, bytes);
      }
      return { gateways, ports: portsOf(out) };
    }

    test('it meets a gateway of each group in order, and its answers the same ones the other way round', async () => {
      await enforce([ONE, NEXT, LAST], { next: closed(2, 3) });
      assert.deepEqual(await passed(portOf(1), frame(1, 2, syn(1, 2))), { gateways: [1, 3, 4], ports: [portOf(2)] });
      assert.deepEqual(await passed(portOf(2), frame(2, 1, synAck(2, 1))), { gateways: [4, 3, 1], ports: [portOf(1)] });
      const query = udp(ip(1), ip(2), 4000, 53);
      assert.deepEqual((await passed(portOf(1), frame(1, 2, query))).gateways, [1, 3, 4]);
      const error = await passed(portOf(2), frame(2, 1, unreachable(ip(2), ip(1), query)));
      assert.deepEqual([error.gateways.length, error.ports], [3, [portOf(1)]]);
      await enforce([ONE, NEXT, LAST], { next: closed(3) });
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2, 4001)))).gateways, [1, 4]);
    });

    test('it keeps them while others join or they are drained', async () => {
      await enforce([ONE, NEXT], { next: closed(2) });
      await passed(portOf(1), frame(1, 2, syn(1, 2)));
      await enforce([{ ...ONE, takes: 'known' }, TWO, { ...NEXT, takes: 'known' }, OTHER], { next: closed(2) });
      assert.deepEqual((await passed(portOf(2), frame(2, 1, synAck(2, 1)))).gateways, [3, 1]);
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2, 4001)))).gateways, [2, 5]);
    });

    test('of a link whose gateway failed another takes it over, and the other links stay', async () => {
      await enforce([ONE, NEXT, OTHER], { next: closed(2) });
      const first = await passed(portOf(1), frame(1, 2, syn(1, 2)));
      const [failed, spare] = first.gateways[1] === NEXT.num ? [NEXT, OTHER] : [OTHER, NEXT];
      await enforce([ONE, TWO, { ...failed, takes: 'none' }, spare], { next: closed(2) });
      assert.deepEqual((await passed(portOf(2), frame(2, 1, synAck(2, 1)))).gateways, [spare.num, 1]);
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2)))).gateways, [1, spare.num]);
    });

    test('each link says what becomes of it without a gateway: it ends, or goes on through the others', async () => {
      const setting = { next: [...open(2), ...closed(3)] };
      await enforce([ONE, NEXT, LAST], setting);
      await passed(portOf(1), frame(1, 2, syn(1, 2)));
      const gone = (gateway: LocalGateway) => ({ ...gateway, takes: 'none' as const });
      await enforce([ONE, gone(NEXT), LAST], setting);
      assert.deepEqual(await passed(portOf(2), frame(2, 1, synAck(2, 1))), { gateways: [4, 1], ports: [portOf(1)] });
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2)))).gateways, [1, 4]);
      await enforce([ONE, NEXT, LAST], setting);
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2)))).gateways, [1, 3, 4]);
      for (const missing of [
        [gone(ONE), NEXT, LAST],
        [ONE, NEXT, gone(LAST)],
        [ONE, NEXT],
      ]) {
        await enforce(missing, setting);
        assert.deepEqual(await passed(portOf(1), frame(1, 2, syn(1, 2))), { gateways: [], ports: [] });
        assert.deepEqual(await passed(portOf(1), frame(1, 2, syn(1, 2, 4002))), { gateways: [], ports: [] });
      }
      await enforce([gone(ONE), LAST], { onFailure: 'open', next: open(2, 3) });
      assert.deepEqual((await passed(portOf(1), frame(1, 2, syn(1, 2)))).gateways, [4]);
      assert.deepEqual((await passed(portOf(2), frame(2, 1, synAck(2, 1)))).gateways, [4]);
      await enforce([], { onFailure: 'open', next: open(2, 3) });
      assert.deepEqual(await passed(portOf(1), frame(1, 2, syn(1, 2))), { gateways: [], ports: [portOf(2)] });
    });

    test('between two gateways nothing is believed that no connection has: a gateway cannot skip the next one', async () => {
      await enforce([ONE, NEXT], { next: closed(2) });
      assert.deepEqual(await wire.send(ONE.right, frame(1, 2, syn(1, 2, 4003), NETWORK)), []);
      await passed(portOf(1), frame(1, 2, syn(1, 2)));
      assert.deepEqual(portsOf(await wire.send(ONE.right, frame(1, 2, syn(1, 2), NETWORK))), [NEXT.left]);
      assert.deepEqual(await wire.send(TWO.right, frame(1, 2, syn(1, 2), NETWORK)), []);
      assert.deepEqual(await wire.send(ONE.right, ethernet(BROADCAST, macOf(1), 'ipv4', syn(1, 2), NETWORK)), []);
    });

    test('copies for many meet the failure policy of every link', async () => {
      const query = ethernet('01:00:5e:00:00:fb', macOf(1), 'ipv4', udp(ip(1), '224.0.0.251', 5353, 5353));
      await enforce([ONE, NEXT], { onFailure: 'open', next: closed(2) });
      assert.deepEqual(await wire.send(portOf(1), query), []);
      await enforce([ONE, NEXT], { onFailure: 'open', next: open(2) });
      assert.deepEqual(portsOf(await wire.send(portOf(1), query)).toSorted(), [UPLINK, portOf(2)]);
    });
  });
});
