import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { type FlowSpec, type MeterSpec, type OvsSwitch, openSwitch } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';

const flow = (inPort: number, meter: number): FlowSpec => ({
  table: 0,
  priority: 1,
  cookie: 1n,
  match: `in_port=${inPort}`,
  actions: `meter:${meter},output:2`,
});
const bandwidth: MeterSpec = { id: 11, unit: 'kbps', rate: 1000, burst: 5000 };
const connections: MeterSpec = { id: 0xffff_0000, unit: 'pktps', rate: 10, burst: 20 };

suite('the meters of a real Open vSwitch', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;
  const open = (): Promise<OvsSwitch> =>
    openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
  const socket = () => `unix:${ovs.runDir}/br0.mgmt`;
  /** As `ovs-ofctl` shows them, a line each. */
  const meters = async (): Promise<string[]> => {
    const text = await ovs.ofctl('-O', 'OpenFlow15', 'dump-meters', socket());
    return [...text.matchAll(/^meter=(\d+) (\w+) .*\n.*rate=(\d+) burst_size=(\d+)/gm)]
      .map(([, id, unit, rate, burst]) => `${id} ${unit} ${rate} ${burst}`)
      .sort();
  };
  const flows = async () => (await sw.flows.stats()).map(({ actions }) => actions).sort();

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

  test('meters come before the flows that name them and go after them', async () => {
    await sw.flows.apply([flow(1, 11), flow(2, connections.id)], [bandwidth, connections]);
    assert.deepEqual(await meters(), ['11 kbps 1000 5000', `${connections.id} pktps 10 20`]);
    await sw.flows.apply([flow(2, connections.id)], [connections]);
    assert.deepEqual(await meters(), [`${connections.id} pktps 10 20`]);
    assert.deepEqual(await flows(), [`meter:${connections.id},output:2`]);
    await sw.flows.apply([]);
    assert.deepEqual(await meters(), []);
  });

  test('a delta changes a meter in place, and its flow stays', async () => {
    await sw.flows.apply([flow(1, 11)], [bandwidth]);
    const change = { upsert: [], remove: [] };
    await sw.flows.applyDelta({ ...change, meters: { upsert: [{ ...bandwidth, rate: 77 }], remove: [] } });
    assert.deepEqual(await meters(), ['11 kbps 77 5000']);
    await sw.flows.applyDelta({
      upsert: [flow(1, connections.id)],
      remove: [],
      meters: { upsert: [connections], remove: [11] },
    });
    assert.deepEqual(await meters(), [`${connections.id} pktps 10 20`]);
    assert.deepEqual(await flows(), [`meter:${connections.id},output:2`]);
  });

  test('what somebody else did to meters is put right, and with a meter the flows that went with it', async () => {
    await sw.flows.apply([flow(1, 11), flow(2, connections.id)], [bandwidth, connections]);
    await ovs.ofctl('-O', 'OpenFlow15', 'del-meter', socket(), 'meter=11');
    await ovs.ofctl('-O', 'OpenFlow15', 'add-meter', socket(), 'meter=5,pktps,bands=type=drop,rate=1');
    await ovs.ofctl(
      '-O',
      'OpenFlow15',
      'mod-meter',
      socket(),
      `meter=${connections.id},pktps,burst,stats,bands=type=drop,rate=9999,burst_size=20`,
    );
    assert.deepEqual(await flows(), [`meter:${connections.id},output:2`]);
    assert.deepEqual(await sw.flows.repair(), { added: 1, modified: 0, deleted: 0 });
    assert.deepEqual(await meters(), ['11 kbps 1000 5000', `${connections.id} pktps 10 20`]);
    assert.deepEqual(await flows(), ['meter:11,output:2', `meter:${connections.id},output:2`]);
  });

  test('another process of ours finds the meters of the one before, and leaves their counters', async () => {
    await sw.flows.apply([flow(1, 11)], [bandwidth]);
    const other = await open();
    try {
      assert.deepEqual(await other.flows.apply([flow(1, 11)], [bandwidth]), { added: 0, modified: 0, deleted: 0 });
      assert.deepEqual(await other.flows.apply([]), { added: 0, modified: 0, deleted: 1 });
      assert.deepEqual(await meters(), []);
    } finally {
      await other.close();
      await sw.flows.repair();
    }
  });

  test('a restarted switch is given its meters again', async () => {
    await sw.flows.apply([flow(1, 11)], [bandwidth]);
    const lost = new Promise<void>((resolve) => sw.flows.onLost(() => resolve()));
    await ovs.restartSwitch();
    await lost;
    await sw.flows.repair();
    assert.deepEqual(await meters(), ['11 kbps 1000 5000']);
    assert.deepEqual(await flows(), ['meter:11,output:2']);
  });

  test('a flow whose meter nobody defined is refused, and no flow has changed', async () => {
    await sw.flows.apply([flow(1, 11)], [bandwidth]);
    await assert.rejects(sw.flows.apply([flow(1, 12)], [bandwidth]), { code: 'openflow-error' });
    assert.deepEqual(await flows(), ['meter:11,output:2']);
  });

  test('what passes a meter is counted', async () => {
    await sw.flows.apply([flow(1, 11)], [{ ...bandwidth, unit: 'pktps', rate: 1, burst: 3 }]);
    const frame = `020000000002020000000001${'1234'.padEnd(100, '0')}`;
    for (let n = 0; n < 50; n++) await sw.appctl.run('netdev-dummy/receive', 'p1', frame);
    const deadline = performance.now() + 30_000;
    let [seen] = await sw.flows.meterStats();
    while ((seen?.packets ?? 0n) < 50n && performance.now() < deadline) [seen] = await sw.flows.meterStats();
    assert.equal(seen?.packets, 50n);
    assert.ok(seen.droppedPackets > 0n && seen.droppedPackets < 50n, `${seen.droppedPackets} of 50 were dropped`);
  });
});
