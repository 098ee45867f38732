import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { type FlowSpec, type OvsSwitch, openSwitch } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';

const flow = (priority: number, match: string, actions: string): FlowSpec => ({
  table: 0,
  priority,
  cookie: 1n,
  match,
  actions,
});
const a = flow(1, 'in_port=1', 'output:2');
const b = flow(2, 'in_port=2', 'output:1');
const c = flow(3, 'ip', 'drop');

suite('the flow table of a real Open vSwitch', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;
  const open = (): Promise<OvsSwitch> =>
    openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
  const installed = async (): Promise<string[]> =>
    (await sw.flows.stats()).map(({ priority, match, actions }) => `${priority} ${match} ${actions}`).sort();

  before(async () => {
    ovs = await startDummyOvs();
    sw = await open();
    await sw.ensureBridge({ datapathType: 'dummy' });
    await ovs.addPort('br0', 'p1', { ofport: 1 });
    await ovs.addPort('br0', 'p2', { ofport: 2 });
  });
  afterEach(async () => void (await sw.flows.apply([])));
  after(async () => {
    await sw?.close();
    await ovs?.stop();
  });

  test('only what changed is sent', async () => {
    assert.deepEqual(await sw.flows.apply([a, b]), { added: 2, modified: 0, deleted: 0 });
    assert.deepEqual(await sw.flows.apply([b, a]), { added: 0, modified: 0, deleted: 0 });
    assert.deepEqual(await sw.flows.apply([{ ...a, actions: 'drop' }, c]), { added: 1, modified: 1, deleted: 1 });
    assert.deepEqual(await sw.flows.apply([{ ...a, actions: 'drop', cookie: 5n }, c]), {
      added: 0,
      modified: 1,
      deleted: 0,
    });
    assert.deepEqual(await installed(), ['1 in_port=1 drop', '3 ip drop']);
  });

  test('a delta changes what it names, also when it names what is not there', async () => {
    await sw.flows.apply([a, b]);
    assert.deepEqual(
      await sw.flows.applyDelta({ upsert: [c, { ...b, actions: 'drop' }], remove: [a, flow(9, 'arp', '')] }),
      { added: 1, modified: 1, deleted: 1 },
    );
    assert.deepEqual(await sw.flows.applyDelta({ upsert: [a], remove: [a] }), { added: 1, modified: 0, deleted: 0 });
    assert.deepEqual(await sw.flows.applyDelta({ upsert: [], remove: [] }), { added: 0, modified: 0, deleted: 0 });
    assert.deepEqual(await installed(), ['1 in_port=1 output:2', '2 in_port=2 drop', '3 ip drop']);
  });

  test('changes asked for at once are done one after the other', async () => {
    await sw.flows.apply([]);
    const changes = Array.from({ length: 20 }, (_, i) =>
      sw.flows.applyDelta({ upsert: [flow(i, `in_port=${i + 1}`, 'drop')], remove: [] }),
    );
    assert.equal(
      (await Promise.all(changes)).reduce((sum, { added }) => sum + added, 0),
      20,
    );
    assert.equal((await installed()).length, 20);
  });

  test('a flow that the switch refuses is named, and nothing changes', async () => {
    await sw.flows.apply([a]);
    const bad = flow(7, 'in_port=3', 'group:77');
    await assert.rejects(
      sw.flows.apply([b, bad, c]),
      (error: Error & { code?: string; details?: { flow?: FlowSpec } }) => {
        assert.equal(error.code, 'openflow-error');
        assert.deepEqual(error.details?.flow, bad);
        return /no such group.*in_port=3 actions=group:77/.test(error.message);
      },
    );
    assert.deepEqual(await installed(), ['1 in_port=1 output:2']);
    await assert.rejects(sw.flows.applyDelta({ upsert: [b, flow(8, 'tcp_dst=80', 'drop')], remove: [a] }), {
      code: 'openflow-error',
      message: /BAD_PREREQ/,
    });
    assert.deepEqual(await installed(), ['1 in_port=1 output:2']);
    assert.deepEqual(await sw.flows.apply([a, b]), { added: 1, modified: 0, deleted: 0 });
  });

  test('two different flows with one key are a mistake', async () => {
    const match = 'nw_src=10.0.0.9/24,ip';
    await assert.rejects(sw.flows.apply([flow(1, match, 'drop'), flow(1, 'ip,nw_src=10.0.0.0/24', 'output:1')]), {
      code: 'bad-value',
      message: /Two different flows/,
    });
    assert.deepEqual(await sw.flows.apply([flow(1, match, 'drop'), flow(1, 'ip,nw_src=10.0.0.0/24', '')]), {
      added: 1,
      modified: 0,
      deleted: 0,
    });
  });

  test('what somebody else changed is put back', async () => {
    await sw.flows.apply([a, b]);
    assert.deepEqual(await sw.flows.repair(), { added: 0, modified: 0, deleted: 0 });
    await ovs.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', 'in_port=1');
    await ovs.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', 'priority=65535,cookie=0xbad,actions=NORMAL');
    await ovs.ofctl('-O', 'OpenFlow15', 'mod-flows', '--strict', 'br0', 'priority=2,in_port=2,actions=NORMAL');
    assert.deepEqual(await sw.flows.repair(), { added: 1, modified: 1, deleted: 1 });
    assert.deepEqual(await installed(), ['1 in_port=1 output:2', '2 in_port=2 output:1']);
  });

  test('a restart of ours finds the flows of before: nothing blinks', async () => {
    await sw.flows.apply([a, b]);
    const again = await open();
    assert.deepEqual(await again.flows.apply([a, c]), { added: 1, modified: 0, deleted: 1 });
    await again.close();
    await sw.flows.repair();
  });

  test('a killed switch is told; the next change brings all flows back', async () => {
    await sw.flows.apply([a, b]);
    const lost = new Promise<string>((resolve) => void sw.flows.onLost(({ code }) => resolve(code)));
    await ovs.restartSwitch();
    assert.equal(await lost, 'closed');
    assert.deepEqual(await sw.flows.applyDelta({ upsert: [c], remove: [] }), { added: 3, modified: 0, deleted: 0 });
    assert.equal((await installed()).length, 3);
  });

  test('counters are read, by table and by cookie', async () => {
    await sw.flows.apply([a, { ...b, cookie: 0xff00n }, { ...c, table: 5 }]);
    await ovs.appctl.run(
      'netdev-dummy/receive',
      'p1',
      'in_port(1),eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02),eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=17,tos=0,ttl=64,frag=no),udp(src=1,dst=2)',
    );
    // The datapath's counters reach OpenFlow once a second, or when it is asked to.
    await ovs.appctl.run('revalidator/wait');
    const counted = (await sw.flows.stats()).find(({ priority }) => priority === 1);
    assert.equal(counted?.packets, 1n);
    assert.ok((counted?.bytes ?? 0n) > 0n);
    assert.deepEqual(
      (await sw.flows.stats({ cookie: 0xff00n, cookieMask: 0xff00n })).map(({ priority }) => priority),
      [2],
    );
    assert.deepEqual(
      (await sw.flows.stats({ table: 5 })).map(({ priority }) => priority),
      [3],
    );
    assert.deepEqual(
      (await sw.flows.tableStats()).map(({ table, flows }) => [table, flows]),
      [
        [0, 2],
        [5, 1],
      ],
    );
  });

  test('100,000 flows', async () => {
    const many = Array.from({ length: 100_000 }, (_, i): FlowSpec => {
      const source = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      return {
        table: 30,
        priority: 50,
        cookie: BigInt(i),
        match: `reg6=0x64,tcp,nw_src=${source},tp_dst=${i % 65_536}`,
        actions: `conjunction(${i % 500},1/2)`,
      };
    });
    assert.deepEqual(await sw.flows.apply(many), { added: 100_000, modified: 0, deleted: 0 });
    const again = await open();
    assert.deepEqual(await again.flows.apply(many), { added: 0, modified: 0, deleted: 0 });
    await again.close();
  });

  test('what a flow let pass passes no more once it is gone, whatever else came meanwhile', async () => {
    const ends = 'in_port(1),eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02)';
    const receive = (packet: string) => ovs.appctl.run('netdev-dummy/receive', 'p1', `${ends},${packet}`);
    const tcp = (port: number) =>
      receive(`eth_type(0x0800),ipv4(src=1.0.0.1,dst=1.0.0.2,proto=6,frag=no),tcp(src=1000,dst=${port})`);
    const megaflows = async () => (await ovs.appctl.run('dpctl/dump-flows', '--names')).match(/actions:.*/g) ?? [];
    const passing = async () => (await megaflows()).filter((actions) => actions === 'actions:p2').length;
    const known = async (count: number) => {
      const deadline = performance.now() + 30_000;
      while ((await megaflows()).length < count) assert.ok(performance.now() < deadline, 'the switch sees the packet');
    };
    const allow = flow(10, 'tcp,tp_dst=80', 'output:2');
    await sw.flows.apply([allow, flow(0, '', 'drop')]);
    await receive('eth_type(0x86dd),ipv6(src=fd00::1,dst=fd00::2,proto=17,frag=no),udp(src=1,dst=2)');
    await tcp(80);
    await known(2);
    assert.equal(await passing(), 1);
    // As when the change and the next packet come before a revalidator wakes: that packet's megaflow covers the other one's.
    await ovs.appctl.run('revalidator/pause');
    await sw.flows.applyDelta({ upsert: [], remove: [allow] });
    await tcp(81);
    await known(1);
    await ovs.appctl.run('revalidator/resume');
    await ovs.appctl.run('revalidator/wait');
    assert.equal(await passing(), 0);
  });
});
