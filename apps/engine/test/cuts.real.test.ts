import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { connectLibvirt } from '@hypervigil/libvirt';
import { type RealDaemon, startRealDaemon } from '@hypervigil/libvirt/testing';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { pino } from 'pino';
import { type RunningEngine, startEngine } from '../src/compose.ts';
import { parseCommand } from '../src/config.ts';
import { join } from '../src/enrolment/join.ts';
import { type CuttingProxy, startCuttingProxy } from '../src/testing/cutting-proxy.ts';
import { type FakePlatform, startFakePlatform, TOKEN } from '../src/testing/fake-platform.ts';
import { BLUE_1, GREEN, smallCloud, syn } from '../src/testing/small-cloud.ts';
import { until } from '../src/testing/until.ts';

suite('sessions that are cut in the middle of a message', () => {
  let daemon: RealDaemon;
  let ovs: DummyOvs;
  let platform: FakePlatform;
  let dir: string;
  let engine: RunningEngine;
  let toOvsdb: CuttingProxy;
  let toLibvirt: CuttingProxy;

  before(async () => {
    [daemon, ovs, platform, dir] = await Promise.all([
      startRealDaemon(),
      startDummyOvs(),
      startFakePlatform(),
      mkdtemp('/tmp/hv-cut-'),
    ]);
    await ovs.addBridge('br-int');
    for (const [n, { id }] of [BLUE_1, GREEN].entries())
      await ovs.addPort('br-int', `p${n + 1}`, { ofport: n + 1, externalIds: { 'iface-id': id } });
    toOvsdb = await startCuttingProxy(path.join(dir, 'ovsdb'), ovs.ovsdbSocket);
    toLibvirt = await startCuttingProxy(path.join(dir, 'libvirt'), daemon.socket);
    const { url, authority } = platform;
    await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir: dir });
    const args = [
      ...['--libvirt-uri', `test+unix:///default?socket=${toLibvirt.path}`, '--ovsdb-socket', toOvsdb.path],
      ...['--ovs-run-dir', ovs.runDir, '--state-dir', dir, '--log-level', process.env['HV_LOG'] ?? 'silent'],
    ];
    const command = parseCommand(args, {});
    assert(command.name === 'run');
    engine = await startEngine(command.config, pino({ level: command.config.logLevel }));
    await platform.waitFor('inventory', ({ vms }) => vms.length > 0);
    platform.send({ type: 'intent', intent: smallCloud(1) });
    await platform.waitFor('applied', ({ revision }) => revision === 1);
  });
  after(async () => {
    await engine?.stop();
    await Promise.all([toOvsdb?.stop(), toLibvirt?.stop()]);
    await Promise.all([daemon?.stop(), ovs?.stop(), platform?.stop()]);
    await rm(dir, { recursive: true, force: true });
  });

  test('the database: nothing opens meanwhile, and a port that came meanwhile is policed after', async () => {
    for (const bytes of [1, 50, 500, 1500]) {
      const before = toOvsdb.cuts;
      toOvsdb.cutAfter(bytes);
      await until(() => toOvsdb.cuts > before);
      const { outputs } = await ovs.trace('br-int', syn(2, GREEN, BLUE_1, 80), ['trk,new']);
      assert.deepEqual(outputs, []);
    }
    await ovs.delPort('br-int', 'p1');
    await ovs.addPort('br-int', 'p5', { ofport: 5, externalIds: { 'iface-id': BLUE_1.id } });
    toOvsdb.cutAfter(undefined);
    await until(async () =>
      (await ovs.ofctl('-O', 'OpenFlow15', 'dump-flows', `unix:${ovs.runDir}/br-int.mgmt`)).includes('in_port=5'),
    );
  });

  test('libvirt: what happened meanwhile is told after', async () => {
    const libvirt = await connectLibvirt(daemon.uri('test:///default'));
    for (const bytes of [1, 30, 200, 600]) {
      const before = toLibvirt.cuts;
      toLibvirt.cutAfter(bytes);
      await until(() => toLibvirt.cuts > before);
    }
    await libvirt.createXml(
      '<domain type="test"><name>late</name><memory>1024</memory><os><type>hvm</type></os></domain>',
    );
    const since = platform.heard.length;
    toLibvirt.cutAfter(undefined);
    await platform.waitFor('inventory', ({ vms }) => vms.some(({ name }) => name === 'late'), since);
    await libvirt.close();
  });

  test('everything that was sent keeps the contract', () => assert.deepEqual(platform.violations, []));
});
