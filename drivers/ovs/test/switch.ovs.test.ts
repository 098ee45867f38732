import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { type OvsSwitch, openSwitch } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';

const cookie = 7n;

suite('one bridge of a real Open vSwitch', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;

  before(async () => {
    ovs = await startDummyOvs();
    sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
    await sw.ensureBridge({ datapathType: 'dummy', externalIds: { owner: 'test' } });
    await ovs.addPort('br0', 'p1', {
      ofport: 1,
      externalIds: { 'iface-id': 'vnic-1', 'attached-mac': '52:54:00:00:00:01' },
    });
    await ovs.addPort('br0', 'p2', { ofport: 2 });
  });
  after(async () => {
    await sw?.close();
    await ovs?.stop();
  });

  test('ports are mirrored, and a change is told', async () => {
    const told = new Promise<void>((resolve) => {
      const stop = sw.onPortsChanged((ports) => {
        if (ports.find(({ name }) => name === 'p3')?.ofport !== 3) return;
        stop();
        resolve();
      });
    });
    await ovs.addPort('br0', 'p3', { ofport: 3 });
    await told;
    const p1 = sw.ports().find(({ name }) => name === 'p1');
    assert.equal(p1?.ifaceId, 'vnic-1');
    assert.equal(p1?.mac, '52:54:00:00:00:01');
    assert.equal(p1?.ofport, 1);
  });

  test('what is applied decides what a trace says', async () => {
    const flows = [
      { table: 0, priority: 100, cookie, match: 'in_port=1', actions: 'load:0x64->NXM_NX_REG6[],resubmit(,20)' },
      { table: 20, priority: 10, cookie, match: 'ip', actions: 'ct(table=30,zone=NXM_NX_REG6[0..15])' },
      {
        table: 30,
        priority: 9,
        cookie,
        match: 'ct_state=+trk+new,tcp,tp_dst=80',
        actions: 'ct(commit,zone=100,exec(load:5->NXM_NX_CT_LABEL[0..31])),output:2',
      },
    ];
    assert.deepEqual(await sw.flows.apply(flows), { added: 3, modified: 0, deleted: 0 });
    const allowed = await sw.trace('in_port=1,tcp,nw_src=10.0.0.1,tp_dst=80', { ctNext: 'trk,new' });
    assert.equal(allowed.verdict, 'forward');
    assert.deepEqual(allowed.outputs, [2]);
    assert.deepEqual(allowed.tables, [0, 20, 30]);
    assert.deepEqual(allowed.registers, { 6: 0x64 });
    assert.deepEqual(allowed.commits, [{ zone: 100, mark: 0n, label: 5n }]);
    assert.equal(allowed.steps[0]?.cookie, cookie);
    const denied = await sw.trace('in_port=1,tcp,nw_src=10.0.0.1,tp_dst=81', { ctNext: 'trk,new' });
    assert.equal(denied.verdict, 'drop');
    assert.deepEqual(denied.outputs, []);
  });

  test('conntrack can be dumped and flushed', async () => {
    assert.deepEqual(await sw.conntrack.dump({ zone: 100 }), []);
    await sw.conntrack.flush({ zone: 100, src: '10.0.0.1', protocol: 6, dport: 80 });
    await sw.conntrack.flush({});
  });

  test('ports and settings come and go, and asking twice changes nothing', async () => {
    for (let i = 0; i < 2; i++)
      await sw.ensurePort('p9', { type: 'dummy', ofportRequest: 9, externalIds: { owner: 'test' } });
    assert.equal(sw.ports().find(({ name }) => name === 'p9')?.ofport, 9);
    await sw.ensureBridge({ datapathType: 'dummy', otherConfig: { 'mac-table-size': '100' } });
    assert.match(await ovs.vsctl('get', 'bridge', 'br0', 'external_ids'), /owner=test/);
    for (let i = 0; i < 2; i++) await sw.deletePort('p9');
    assert.equal(
      sw.ports().find(({ name }) => name === 'p9'),
      undefined,
    );
    await sw.setOtherConfig({ 'flow-limit': '300000' });
    assert.match(await ovs.vsctl('get', 'Open_vSwitch', '.', 'other_config'), /flow-limit="300000"/);
  });

  test('a port that cannot be opened says why', async () => {
    await sw.ensurePort('nonsense', { type: 'patch' });
    const port = sw.ports().find(({ name }) => name === 'nonsense');
    assert.equal(port?.ofport, undefined);
    assert.match(port?.error ?? '', /requires valid 'peer'/);
    await sw.deletePort('nonsense');
  });

  test('without a bridge: no ports, and what needs one says so', async () => {
    const other = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br9' });
    assert.deepEqual(other.ports(), []);
    await assert.rejects(other.ensurePort('p1'), { code: 'not-found' });
    await assert.rejects(
      other.ensureIpfix({ target: '127.0.0.1:1', activeTimeoutS: 1, maxFlows: 100, collectorSetId: 1 }),
      {
        code: 'not-found',
      },
    );
    await assert.rejects(other.flows.apply([]), { code: 'connect-failed' });
    await other.deleteBridge();
    await other.close();
    assert.equal(await other.closed, undefined);
    await assert.rejects(other.flows.apply([]), { code: 'closed' });
  });

  test('the IPFIX exporter is set up once, however often it is asked for', async () => {
    for (const target of ['127.0.0.1:4739', '127.0.0.1:4740', '127.0.0.1:4740']) {
      await sw.ensureIpfix({ target, activeTimeoutS: 1, maxFlows: 100, collectorSetId: 1 });
    }
    assert.match(await ovs.vsctl('--columns=targets', 'list', 'IPFIX'), /^targets +: \["127\.0\.0\.1:4740"\]\n$/);
    await sw.removeIpfix(1);
    assert.equal(await ovs.vsctl('list', 'IPFIX'), '');
  });

  suite('what is sampled', () => {
    const sample = 'sample(probability=65535,collector_set_id=1,obs_domain_id=1,obs_point_id=1)';
    const counted = async (what: string) =>
      Number(new RegExp(`\\b${what}=(\\d+)`).exec(await ovs.ofctl('dump-ipfix-flow', 'br0'))?.[1]);

    /** Sends packets of one flow until 50 have been sampled: a switch that is being told new flows drops what it has no flow for yet. @returns how many records there were then. */
    async function recordsOfOneFlow(activeTimeoutS: number): Promise<number> {
      await sw.ensureIpfix({ target: '127.0.0.1:4739', activeTimeoutS, maxFlows: 100, collectorSetId: 1 });
      await sw.flows.apply([{ table: 0, priority: 0, cookie, match: '', actions: sample }]);
      const ends = 'in_port(1),eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02)';
      const packet = `${ends},eth_type(0x0800),ipv4(src=1.0.0.1,dst=1.0.0.2,proto=17,frag=no),udp(src=1,dst=2)`;
      for (let sent = 0; (await counted('sampled pkts')) < 50; sent++) {
        assert.ok(sent < 1000, 'packets are sampled');
        await ovs.appctl.run('netdev-dummy/receive', 'p1', packet);
      }
      return counted('flows');
    }

    afterEach(() => sw.removeIpfix(1));

    test('is exported flow by flow', async () => {
      const flows = await recordsOfOneFlow(1);
      // The second may turn while they come, and on a busy machine more than once.
      assert.ok(flows > 0 && flows < 50, `${flows} records of 50 packets`);
    });

    test('is gathered until its time, and told before it by a switch that may gather none', async () => {
      assert.equal(await recordsOfOneFlow(4200), 1);
      assert.equal(await counted('current flows'), 1);
      await sw.ensureIpfix({ target: '127.0.0.1:4739', activeTimeoutS: 4200, maxFlows: 0, collectorSetId: 1 });
      assert.equal(await counted('current flows'), 0);
    });
  });
});
