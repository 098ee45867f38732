import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type OvsSwitch, openSwitch } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';

const ethernet = 'in_port(1),eth(src=00:00:00:00:00:01,dst=00:00:00:00:00:02)';
const tcp = (port: number) =>
  `${ethernet},eth_type(0x0800),ipv4(src=10.0.0.1,dst=10.0.0.2,proto=6,tos=0,ttl=64,frag=no),tcp(src=40000,dst=${port}),tcp_flags(syn)`;
const udp6 = `${ethernet},eth_type(0x86dd),ipv6(src=fd00::1,dst=fd00::2,label=0,proto=17,tclass=0,hlimit=64,frag=no),udp(src=5353,dst=53)`;

suite('connections of a real Open vSwitch', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;

  before(async () => {
    ovs = await startDummyOvs();
    sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'br0' });
    await sw.ensureBridge({ datapathType: 'dummy' });
    await ovs.addPort('br0', 'p1', { ofport: 1 });
    await ovs.addPort('br0', 'p2', { ofport: 2 });
    const commit = 'ct(commit,zone=7,exec(load:0x1->NXM_NX_CT_MARK[],load:0xabcd->NXM_NX_CT_LABEL[96..127])),output:2';
    await sw.flows.apply([
      { table: 0, priority: 1, cookie: 0n, match: 'ip', actions: 'ct(table=1,zone=7)' },
      { table: 0, priority: 1, cookie: 0n, match: 'ipv6', actions: 'ct(table=1,zone=7)' },
      { table: 1, priority: 1, cookie: 0n, match: 'ct_state=+trk+new,ip', actions: commit },
      { table: 1, priority: 1, cookie: 0n, match: 'ct_state=+trk+new,ipv6', actions: commit },
    ]);
  });
  after(async () => {
    await sw?.close();
    await ovs?.stop();
  });

  const ports = async (zone?: number): Promise<(number | undefined)[]> =>
    (await sw.conntrack.dump(zone === undefined ? {} : { zone })).map(({ orig }) => orig.dport).sort();

  test('are dumped with mark and labels, and ended one by one', async () => {
    for (const packet of [tcp(80), tcp(443), udp6]) await ovs.appctl.run('netdev-dummy/receive', 'p1', packet);
    assert.deepEqual(await ports(), [443, 53, 80]);
    assert.deepEqual(await ports(8), []);
    const entry = (await sw.conntrack.dump({ zone: 7 })).find(({ orig }) => orig.dport === 80);
    assert.equal(entry?.protocol, 'tcp');
    assert.equal(entry.orig.src, '10.0.0.1');
    assert.equal(entry.reply.sport, 80);
    assert.equal(entry.mark, 1);
    assert.equal(entry.labels, 0xabcdn << 96n);
    assert.equal(entry.state, 'SYN_SENT');

    await sw.conntrack.flush({ zone: 8, src: '10.0.0.1', protocol: 6 });
    assert.deepEqual(await ports(), [443, 53, 80]);
    await sw.conntrack.flush({ zone: 7, src: '10.0.0.1', dst: '10.0.0.2', protocol: 6, sport: 40000, dport: 80 });
    assert.deepEqual(await ports(), [443, 53]);
    await sw.conntrack.flush({ zone: 7, src: 'fd00::1', protocol: 17 });
    assert.deepEqual(await ports(), [443]);
    const gone = { zone: 7, src: 'fd00::1', dst: 'fd00::2', protocol: 17, sport: 40000, dport: 53 };
    await sw.conntrack.flush(gone);
    await sw.conntrack.flush({ zone: 7 });
    assert.deepEqual(await ports(), []);
  });

  test('are no more than a limit of their zone; others are as they were', async () => {
    const { conntrack } = sw;
    assert.equal(await conntrack.capacity(), 3_000_000);
    assert.deepEqual(await conntrack.zoneLimits(), []);
    await conntrack.setZoneLimits(
      new Map([
        [7, 2],
        [9, 2],
      ]),
    );
    for (const port of [1, 2, 3, 4]) await ovs.appctl.run('netdev-dummy/receive', 'p1', tcp(port));
    assert.equal((await ports(7)).length, 2);
    const read = async () => (await conntrack.zoneLimits()).toSorted((a, b) => a.zone - b.zone);
    assert.deepEqual(await read(), [
      { zone: 7, limit: 2, count: 2 },
      { zone: 9, limit: 2, count: 0 },
    ]);

    await conntrack.setZoneLimits(new Map([[7, 3]]));
    await conntrack.clearZoneLimits([9]);
    await ovs.appctl.run('netdev-dummy/receive', 'p1', tcp(5));
    await ovs.appctl.run('netdev-dummy/receive', 'p1', tcp(6));
    assert.deepEqual(await read(), [{ zone: 7, limit: 3, count: 3 }]);
    await conntrack.clearZoneLimits([7]);
    await ovs.appctl.run('netdev-dummy/receive', 'p1', tcp(7));
    assert.equal((await ports(7)).length, 4);
    await conntrack.flush({ zone: 7 });
  });

  test('a filter that the switch does not take is refused in its words', async () => {
    await assert.rejects(sw.conntrack.flush({ src: '10.0.0.1', dport: 80 }), {
      code: 'rpc-error',
      message: /port is set without protocol/,
    });
  });

  test('a filter that the switch would not survive does not reach it', async () => {
    const ends = { zone: 7, src: 'fd00::1', dst: 'fd00::2' };
    const echo = { icmpId: 7, icmpType: 128, icmpCode: 0 };
    for (const filter of [{ ...ends, protocol: 58, ...echo }, { ...ends, protocol: 58 }, ends, { ...echo, zone: 7 }])
      await assert.rejects(sw.conntrack.flush(filter), { code: 'unsupported' });
    assert.deepEqual(await ports(), []);
  });
});
