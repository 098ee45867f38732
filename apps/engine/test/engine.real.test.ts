import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { after, before, suite, test } from 'node:test';
import { connectLibvirt } from '@hypervigil/libvirt';
import { type RealDaemon, startRealDaemon } from '@hypervigil/libvirt/testing';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { pino } from 'pino';
import { type RunningEngine, startEngine } from '../src/compose.ts';
import { parseCommand } from '../src/config.ts';
import { join } from '../src/enrolment/join.ts';
import { type FakePlatform, startFakePlatform, TOKEN } from '../src/testing/fake-platform.ts';

suite('an engine between a real libvirt, a real Open vSwitch and a platform', () => {
  let daemon: RealDaemon;
  let ovs: DummyOvs;
  let platform: FakePlatform;
  let stateDir: string;
  let engine: RunningEngine;

  before(async () => {
    [daemon, ovs, platform, stateDir] = await Promise.all([
      startRealDaemon(),
      startDummyOvs(),
      startFakePlatform(),
      mkdtemp('/tmp/hv-engine-'),
    ]);
    await ovs.addBridge('br-int');
    const { url, authority } = platform;
    await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir });
    const args = [
      ...['--libvirt-uri', daemon.uri('test:///default'), '--ovsdb-socket', ovs.ovsdbSocket],
      ...['--ovs-run-dir', ovs.runDir, '--state-dir', stateDir, '--log-level', process.env['HV_LOG'] ?? 'silent'],
    ];
    const command = parseCommand(args, {});
    assert(command.name === 'run');
    engine = await startEngine(command.config, pino({ level: command.config.logLevel }));
  });
  after(async () => {
    await engine?.stop();
    await Promise.all([daemon?.stop(), ovs?.stop(), platform?.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  });

  test('greets, and tells everything that runs here', async () => {
    const hello = await platform.waitFor('hello');
    assert.equal(hello.intentRevision, 0);
    const { vms } = await platform.waitFor('inventory', ({ vms }) => vms.length > 0);
    assert.deepEqual(
      vms.map(({ name, state }) => [name, state]),
      [['test', 'running']],
    );
    assert.deepEqual(platform.violations, []);
  });

  test('a VM that starts behind its back is told within a second', async () => {
    const libvirt = await connectLibvirt(daemon.uri('test:///default'));
    const started = performance.now();
    await libvirt.createXml(
      '<domain type="test"><name>new</name><memory>1024</memory><os><type>hvm</type></os></domain>',
    );
    const { vm } = await platform.waitFor('vm', ({ vm }) => vm.name === 'new' && vm.state === 'running');
    assert(performance.now() - started < 1000);
    const domain = await libvirt.domainByUuid(vm.id);
    await libvirt.destroy(domain);
    await platform.waitFor('vm.gone', ({ id }) => id === vm.id);
    await libvirt.close();
  });
});
