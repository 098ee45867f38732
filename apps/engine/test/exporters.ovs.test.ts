import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { exporterOn, freePort, type Listening, startListening } from '../src/testing/exporting.ts';
import { until } from '../src/testing/until.ts';

const [A, B] = ['525400000001', '525400000002'];
const ends = (from: 'A' | 'B') => (from === 'A' ? `${B}${A}` : `${A}${B}`);
const ip = (from: 'A' | 'B', protocol: string) =>
  `4500 0064 0000 4000 40 ${protocol} 0000 ${from === 'A' ? '0a000001 0a000002' : '0a000002 0a000001'}`;
const payload = '00'.repeat(60);
/** A hundred octets of IPv4: port 40000 of A and port 443 of B, over VLAN 101. */
const tcp = (from: 'A' | 'B', flags: string) => {
  const ports = from === 'A' ? '9c40 01bb' : '01bb 9c40';
  return `${ends(from)} 8100 0065 0800 ${ip(from, '06')} ${ports} 00000001 00000001 50 ${flags} ffff 0000 0000 ${payload}`;
};

/** What a real switch tells of packets that it forwards, to an engine that listens for it as for any other switch. */
suite('Open vSwitch as a foreign exporter', () => {
  let ovs: DummyOvs;
  let listening: Listening;
  let port: number;
  before(async () => {
    port = await freePort();
    listening = await startListening();
    ovs = await startDummyOvs();
    await ovs.addBridge('br0');
    await ovs.addPort('br0', 'p1', { ofport: 1 });
    await ovs.addPort('br0', 'p2', { ofport: 2 });
    await ovs.ofctl('add-flow', 'br0', 'actions=normal');
  });
  after(async () => {
    await ovs?.stop();
    await listening?.stop();
  });

  const receive = (device: string, frame: string) =>
    ovs.appctl.run('netdev-dummy/receive', device, frame.replaceAll(' ', ''));

  /** Sends both directions until the exporter has told of both. */
  async function connectionOf(exporter: ReturnType<typeof exporterOn>) {
    const found = () => listening.records().filter((one) => one.exporter === exporter.id && one.dstPort === 443);
    await until(async () => {
      await receive('p1', tcp('A', '02'));
      await receive('p2', tcp('B', '12'));
      const records = found();
      return records.some(({ packets }) => packets > 0) && records.some(({ replyPackets }) => replyPackets > 0);
    });
    return found();
  }

  async function listen(more: Parameters<typeof exporterOn>[1]) {
    const exporter = exporterOn(port, more);
    listening.exporters.receive([exporter]);
    await until(() => listening.told()?.exporters[0]?.state === 'listening');
    return exporter;
  }

  test('by sFlow: sampled packets of a VLAN become one connection with both directions, in octets of IP', async () => {
    const exporter = await listen({ protocol: 'sflow' });
    const settings = ['agent=127.0.0.1', `targets="127.0.0.1:${port}"`, 'header=128', 'sampling=1', 'polling=1'];
    await ovs.vsctl('--id=@s', 'create', 'sflow', ...settings, '--', 'set', 'bridge', 'br0', 'sflow=@s');
    const records = await connectionOf(exporter);
    const [first] = records;
    assert.deepEqual(
      [first?.srcIp, first?.srcPort, first?.dstIp, first?.net, first?.rule],
      ['10.0.0.1', 40_000, '10.0.0.2', 7, SYNTHETIC_RULES.observed],
    );
    assert.deepEqual([first?.srcMac, first?.dstMac], ['52:54:00:00:00:01', '52:54:00:00:00:02']);
    for (const { bytes, packets, replyBytes, replyPackets } of records)
      assert.deepEqual([bytes, replyBytes], [packets * 100, replyPackets * 100]);
    assert.equal(records.at(-1)!.tcpFlags, 0x12);
    assert.equal(new Set(records.map(({ key }) => key)).size, 1);
    const [report] = listening.told()!.exporters;
    assert.deepEqual([report?.lost, report?.malformed, report?.sampling], [0, 0, 1]);
    await ovs.vsctl('clear', 'bridge', 'br0', 'sflow');
  });

  test('by sFlow with one packet in eight: an estimate of what was sent', async () => {
    const exporter = await listen({ protocol: 'sflow' });
    const settings = ['agent=127.0.0.1', `targets="127.0.0.1:${port}"`, 'header=128', 'sampling=8', 'polling=0'];
    await ovs.vsctl('--id=@s', 'create', 'sflow', ...settings, '--', 'set', 'bridge', 'br0', 'sflow=@s');
    for (const { rule, packets, replyPackets, bytes } of await connectionOf(exporter)) {
      assert.equal(rule, SYNTHETIC_RULES.estimated);
      assert.deepEqual([packets % 8, replyPackets % 8, bytes], [0, 0, packets * 100]);
    }
    assert.equal(listening.told()?.exporters[0]?.sampling, 8);
    await ovs.vsctl('clear', 'bridge', 'br0', 'sflow');
  });

  test('by NetFlow v5', async () => {
    const exporter = await listen({ protocol: 'netflow', network: 7 });
    const netflow = [`targets="127.0.0.1:${port}"`, 'active_timeout=1'];
    await ovs.vsctl('--id=@n', 'create', 'netflow', ...netflow, '--', 'set', 'bridge', 'br0', 'netflow=@n');
    const records = await connectionOf(exporter);
    assert.deepEqual([records[0]?.srcIp, records[0]?.net, records[0]?.srcMac], ['10.0.0.1', 7, null]);
    await ovs.vsctl('clear', 'bridge', 'br0', 'netflow');
  });

  test('by IPFIX of a bridge', async () => {
    const exporter = await listen({ protocol: 'ipfix' });
    const ipfix = [`targets="127.0.0.1:${port}"`, 'sampling=1', 'cache_active_timeout=1', 'cache_max_flows=0'];
    await ovs.vsctl('--id=@i', 'create', 'ipfix', ...ipfix, '--', 'set', 'bridge', 'br0', 'ipfix=@i');
    const records = await connectionOf(exporter);
    assert.deepEqual([records[0]?.srcIp, records[0]?.net], ['10.0.0.1', 7]);
    await ovs.vsctl('clear', 'bridge', 'br0', 'ipfix');
  });
});
