import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { HostIntent, HostIntentPatch } from '@hypervigil/model';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { diffIntent } from '@hypervigil/policy';
import { pino } from 'pino';
import { type RunningEngine, startEngine } from '../src/compose.ts';
import { parseCommand } from '../src/config.ts';
import { join } from '../src/enrolment/join.ts';
import { type FakePlatform, startFakePlatform, TOKEN } from '../src/testing/fake-platform.ts';
import { BLUE_1, BLUE_2, GREEN, GREEN_TO_BLUE, smallCloud, syn } from '../src/testing/small-cloud.ts';
import { until } from '../src/testing/until.ts';

suite('an engine owns a switch', () => {
  let ovs: DummyOvs;
  let platform: FakePlatform;
  let stateDir: string;
  let engine: RunningEngine | undefined;

  const start = async (): Promise<void> => {
    // No libvirt there: what the switch enforces may not depend on it.
    const args = [
      ...['--libvirt-uri', 'test+unix:///default?socket=/nowhere', '--ovsdb-socket', ovs.ovsdbSocket],
      ...['--ovs-run-dir', ovs.runDir, '--state-dir', stateDir, '--log-level', process.env['HV_LOG'] ?? 'silent'],
    ];
    const command = parseCommand(args, {});
    assert(command.name === 'run');
    engine = await startEngine(command.config, pino({ level: command.config.logLevel }));
  };
  const stop = async (): Promise<void> => {
    await engine?.stop();
    engine = undefined;
  };
  before(async () => {
    [ovs, platform, stateDir] = await Promise.all([startDummyOvs(), startFakePlatform(), mkdtemp('/tmp/hv-own-')]);
    await ovs.addBridge('br-int');
    for (const [ofport, { id }] of [BLUE_1, BLUE_2, GREEN].entries())
      await ovs.addPort('br-int', `p${ofport + 1}`, { ofport: ofport + 1, externalIds: { 'iface-id': id } });
    await ovs.addPort('br-int', 'stranger', { ofport: 9, externalIds: { 'iface-id': 'nobody-knows' } });
    const { url, authority } = platform;
    await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir });
    await start();
    await platform.waitFor('hello');
  });
  after(async () => {
    await stop();
    await Promise.all([ovs?.stop(), platform?.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  });

  const reaches = async (flow: string, ofport: number): Promise<boolean> => {
    const { outputs } = await ovs.trace('br-int', flow, ['trk,new']);
    return outputs.includes(ofport);
  };
  const within = () => reaches(syn(1, BLUE_1, BLUE_2, 22), 2);
  const across = () => reaches(syn(3, GREEN, BLUE_1, 80), 1);
  const told = async (intent: HostIntent) => {
    platform.send({ type: 'intent', intent });
    return await platform.waitFor('applied', ({ revision }) => revision === intent.revision);
  };
  const patched = (before: HostIntent, after: HostIntent): HostIntentPatch => diffIntent(before, after);

  test('before anything was told, every port is closed', async () => {
    await platform.waitFor('applied', ({ revision }) => revision === 0);
    assert.equal(await within(), false);
    const { stdout } = { stdout: await ovs.vsctl('get', 'bridge', 'br-int', 'fail_mode') };
    assert.match(stdout, /secure/);
  });

  test('an intent is enforced, and said to be', async () => {
    const { error, flows } = await told(smallCloud(1));
    assert.equal(error, null);
    assert(flows > 50);
    assert.deepEqual([await within(), await across()], [true, false]);
  });

  test('a vNIC that nobody knows stays closed', async () => {
    assert.deepEqual((await ovs.trace('br-int', syn(9, GREEN, BLUE_1, 80), ['trk,new'])).outputs, []);
  });

  test('nobody speaks in another’s name', async () => {
    assert.equal(await reaches(syn(3, BLUE_1, BLUE_2, 22), 2), false);
  });

  test('a patch adds a rule, another takes it away', async () => {
    const with80 = smallCloud(2, { rules: [GREEN_TO_BLUE] });
    platform.send({ type: 'intent.patch', patch: patched(smallCloud(1), with80) });
    await platform.waitFor('applied', ({ revision }) => revision === 2);
    assert.equal(await across(), true);
    platform.send({ type: 'intent.patch', patch: patched(with80, smallCloud(3)) });
    await platform.waitFor('applied', ({ revision }) => revision === 3);
    assert.equal(await across(), false);
  });

  test('patches that come at once are one step', async () => {
    const steps = [3, 4, 5, 6].map((n) => smallCloud(n, { rules: n % 2 ? [] : [GREEN_TO_BLUE] }));
    for (const [n, step] of steps.entries())
      if (n > 0) platform.send({ type: 'intent.patch', patch: patched(steps[n - 1]!, step) });
    await platform.waitFor('applied', ({ revision }) => revision === 6);
    assert.equal(await across(), true);
  });

  test('a patch on something else is answered by asking for everything', async () => {
    platform.send({ type: 'intent.patch', patch: { ...patched(smallCloud(6), smallCloud(41)), base: 40 } });
    const { have } = await platform.waitFor('intent.wanted');
    assert.equal(have, 6);
    await told(smallCloud(41));
    assert.equal(await across(), false);
  });

  test('an intent that cannot become flows is refused aloud, and the last good one stays', async () => {
    const twins = [GREEN_TO_BLUE, { ...GREEN_TO_BLUE, key: 'twin' }];
    const { error } = await told(smallCloud(42, { rules: twins }));
    assert.match(String(error), /100/);
    assert.deepEqual([await within(), await across()], [true, false]);
    await told(smallCloud(43, { rules: [GREEN_TO_BLUE] }));
    assert.equal(await across(), true);
  });

  test('a port that appears is policed without asking anybody', async () => {
    await platform.away();
    await ovs.delPort('br-int', 'p2');
    await until(async () => !(await within()));
    await ovs.addPort('br-int', 'again', { ofport: 12, externalIds: { 'iface-id': BLUE_2.id } });
    await until(() => reaches(syn(1, BLUE_1, BLUE_2, 22), 12));
    await platform.back();
  });

  test('a switch that was killed gets everything again, with the platform away', async () => {
    await platform.away();
    await ovs.restartSwitch();
    await until(() => across().catch(() => false));
    assert.equal(await reaches(syn(3, GREEN, BLUE_1, 81), 1), false);
    await platform.back();
  });

  test('a flow of somebody else is taken away when the switch is taken over', async () => {
    await stop();
    const { runDir } = ovs;
    await ovs.ofctl('-O', 'OpenFlow15', 'add-flow', `unix:${runDir}/br-int.mgmt`, 'priority=65000,actions=NORMAL');
    await platform.away();
    await start();
    await until(async () => {
      const flows = await ovs.ofctl('-O', 'OpenFlow15', 'dump-flows', `unix:${runDir}/br-int.mgmt`);
      return !/NORMAL/.test(flows);
    });
  });

  test('after a restart the last intent is enforced, with the platform away', async () => {
    await stop();
    await ovs.restartSwitch();
    assert.equal(await across(), false);
    await start();
    await until(across);
    assert.equal(await reaches(syn(3, GREEN, BLUE_1, 81), 1), false);
    const since = platform.heard.length;
    await platform.back();
    const hello = await platform.waitFor('hello', undefined, since);
    assert.equal(hello.intentRevision, 43);
  });

  test('a rule ends when its time is over, with the platform away', async () => {
    const ending = (ms: number) => ({ ...GREEN_TO_BLUE, expiresAt: new Date(Date.now() + ms).toISOString() });
    await told(smallCloud(44, { rules: [ending(3_600_000)] }));
    assert.equal(await across(), true);
    await told(smallCloud(45, { rules: [ending(1_000)] }));
    await platform.away();
    await until(async () => !(await across()));
    assert.equal(await reaches(syn(1, BLUE_1, BLUE_2, 22), 12), true);
    const since = platform.heard.length;
    await platform.back();
    await platform.waitFor('hello', undefined, since);
  });

  test('a rule that rejects tells the sender, by the port that it sent from, and nobody in whose name it did not', async () => {
    await told(smallCloud(60, { rules: [{ ...GREEN_TO_BLUE, action: 'reject' }] }));
    const sent = path.join(ovs.runDir, 'p3.pcap');
    await ovs.vsctl('set', 'interface', 'p3', `options:tx_pcap=${sent}`);
    const say = (mac: string, ip: string, port: number) =>
      ovs.appctl.run(
        'netdev-dummy/receive',
        'p3',
        `in_port(3),eth(src=${mac},dst=${BLUE_1.mac}),eth_type(0x0800),` +
          `ipv4(src=${ip},dst=${BLUE_1.ipv4[0]},proto=6,tos=0,ttl=64,frag=no),tcp(src=${port},dst=80),tcp_flags(syn)`,
      );
    const resets = async () => {
      const file = await readFile(sent);
      // From blue's port 80 to a port of green: RST and ACK stand 14 bytes on.
      const to = (port: number) => Buffer.from([0, 80, port >> 8, port & 255]);
      const places = [40_000, 40_001].map((port) => file.indexOf(to(port)));
      return places.map((place) => place >= 0 && file.readUInt8(place + 13) === 0x14);
    };
    // In blue's name first: a reset for it would come before the other.
    await say(BLUE_2.mac, BLUE_2.ipv4[0]!, 40_001);
    await until(async () => {
      await say(GREEN.mac, GREEN.ipv4[0]!, 40_000);
      return (await resets())[0];
    });
    assert.deepEqual(await resets(), [true, false]);
    await told(smallCloud(61, { rules: [GREEN_TO_BLUE] }));
  });

  test('everything that was sent keeps the contract', () => assert.deepEqual(platform.violations, []));
});
