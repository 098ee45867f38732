import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type OvsSwitch, openSwitch, type PacketIn } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';

const FRAME = Buffer.from(`525400000002525400000001 88b5 ${'00'.repeat(46)}`.replaceAll(' ', ''), 'hex');

suite('packets to and from a real switch', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;
  before(async () => {
    ovs = await startDummyOvs();
    sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
    await sw.ensureBridge({ datapathType: 'dummy' });
    for (const ofport of [1, 2]) await ovs.addPort('br0', `p${ofport}`, { ofport });
    await ovs.vsctl('set', 'interface', 'p2', `options:tx_pcap=${path.join(ovs.runDir, 'p2.pcap')}`);
  });
  after(async () => {
    await sw?.close();
    await ovs?.stop();
  });

  test('a CONTROLLER action hands the packet over, with its port, flow and registers', async () => {
    const { promise, resolve } = Promise.withResolvers<PacketIn>();
    const session = await sw.packets(resolve);
    const actions = 'set_field:0x2a->reg3,CONTROLLER:128';
    await sw.flows.apply([{ table: 0, priority: 1, cookie: 77n, match: 'in_port=1,dl_type=0x88b5', actions }]);
    await ovs.appctl.run('netdev-dummy/receive', 'p1', FRAME.toString('hex'));
    const { port, table, cookie, frame, registers } = await promise;
    assert.deepEqual([port, table, cookie, registers.get(3)], [1, 0, 77n, 0x2a]);
    assert.deepEqual(frame, FRAME);
    session.close();
    assert.equal(await session.closed, undefined);
  });

  test('a packet goes out by its port although no flow sends it there', async () => {
    const session = await sw.packets(() => {});
    session.send(2, FRAME);
    let sent = Buffer.alloc(0);
    // Each answer is a turn of the switch's main loop, which also takes packets.
    for (let turn = 0; turn < 10_000 && !sent.includes(FRAME); turn++) {
      await ovs.appctl.run('version');
      sent = await readFile(path.join(ovs.runDir, 'p2.pcap'));
    }
    assert.ok(sent.includes(FRAME));
    session.close();
  });
});
