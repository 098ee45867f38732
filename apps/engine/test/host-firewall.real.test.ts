import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TABLE } from '@hypervigil/host-firewall';
import { policyOf, ruleOf } from '@hypervigil/host-firewall/testing';
import type { HealthItem, HostFirewallIntent, HostFirewallPolicy, HostFirewallStatus } from '@hypervigil/model';
import { type Nftables, openNftables } from '@hypervigil/nftables';
import { createTwoHosts, type TwoHosts } from '@hypervigil/nftables/testing';
import { saveIdentity } from '../src/enrolment/identity.ts';
import { join } from '../src/enrolment/join.ts';
import { type FakePlatform, startFakePlatform, TOKEN } from '../src/testing/fake-platform.ts';
import { until } from '../src/testing/until.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const PLATFORM_PORT = 8443;
const SHELL = 2022;
const DEADLINE_MS = 60_000;

/** What an operator on the far host works through, and what the engine needs. */
const shell = ruleOf('in', [{ protocol: 'tcp', ports: [`${SHELL}`] }]);
const toPlatform = ruleOf('out', ['platform']);
const usable = policyOf({ rules: [shell, toPlatform] });
const lockOut = policyOf({ rules: [toPlatform] });

suite('the firewall of a host whose engine is a process of its own', () => {
  let hosts: TwoHosts;
  let platform: FakePlatform;
  let bridge: net.Server;
  let dir: string;
  let nft: Nftables;
  let engine: ChildProcess;
  let session: { exchange(): { outcome(): Promise<unknown>; isOver(): boolean } };
  let revision = 0;

  const startEngine = (): ChildProcess =>
    spawn(
      'ip',
      [
        ...['netns', 'exec', hosts.near.namespace, process.execPath, MAIN, 'run', '--state-dir', dir],
        ...['--libvirt-uri', `test+unix:///default?socket=${dir}/none`, '--ovsdb-socket', `${dir}/none`],
        ...['--ovs-run-dir', dir, '--log-level', process.env['HV_LOG'] ?? 'silent'],
      ],
      { stdio: 'inherit' },
    );
  const kill = async (): Promise<void> => {
    if (engine.exitCode !== null || engine.signalCode !== null) return;
    const ended = once(engine, 'exit');
    engine.kill('SIGKILL');
    await ended;
  };
  /** The status that holds, of those that came since the platform had heard `since` messages. */
  const told = async (accept: (status: HostFirewallStatus) => boolean, since = 0): Promise<HostFirewallStatus> => {
    let found: HostFirewallStatus | undefined;
    await until(() => {
      const all = platform.heard.slice(since).flatMap((message) => (message.type === 'host-firewall' ? [message] : []));
      found = all.map(({ status }) => status).findLast(accept);
      return found;
    }, DEADLINE_MS);
    return found!;
  };
  const give = (intent: HostFirewallIntent | null): void => {
    platform.behaviour.hostFirewall = intent;
    platform.send({ type: 'host-firewall', intent });
  };
  const say = (policy: HostFirewallPolicy | null, more: Partial<HostFirewallIntent> = {}): HostFirewallIntent => {
    const intent = { revision: ++revision, policy, confirmed: false, trialSeconds: 60, ...more };
    give(intent);
    return intent;
  };
  const isState = (state: HostFirewallStatus['state']) => (status: HostFirewallStatus) =>
    status.revision === revision && status.state === state;
  const objects = async (): Promise<string> => ((await nft.list(TABLE))?.objects ?? []).join('\n');
  /** Keeps a policy, by the way that an operator goes. */
  const keep = async (policy: HostFirewallPolicy): Promise<void> => {
    const intent = say(policy);
    await told(isState('trial'));
    give({ ...intent, confirmed: true });
    await told(isState('kept'));
  };

  before(async () => {
    dir = await mkdtemp('/tmp/hv-hf-');
    hosts = await createTwoHosts('hven');
    nft = openNftables({ command: ['ip', 'netns', 'exec', hosts.near.namespace, 'nft'] });
    platform = await startFakePlatform('127.0.0.1', hosts.far.ipv4);
    const { url, authority } = platform;
    // The platform's address for the host is on the far side; from there, calls are led to this process.
    const relay = path.join(dir, 'relay');
    bridge = net.createServer((from) => {
      const to = net.connect(Number(new URL(url).port), '127.0.0.1');
      from.on('error', () => to.destroy()).pipe(to);
      to.on('error', () => from.destroy()).pipe(from);
    });
    bridge.listen(relay);
    await once(bridge, 'listening');
    await hosts.far.caller.relay(PLATFORM_PORT, relay);
    const identity = await join({ platform: url, token: TOKEN, caFingerprint: authority.fingerprint, stateDir: dir });
    await saveIdentity(dir, { ...identity, platform: `https://${hosts.far.ipv4}:${PLATFORM_PORT}` });
    await hosts.near.caller.listen('tcp', SHELL);
    session = await hosts.far.caller.connect(hosts.near.ipv4, SHELL);
    engine = startEngine();
    await platform.waitFor('hello');
  });
  after(async () => {
    if (engine) await kill();
    await hosts?.[Symbol.asyncDispose]();
    bridge?.close();
    await platform?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  test('nothing is said or touched until the platform speaks of it', async () => {
    assert.ok((await platform.waitFor('hello')).features?.includes('host-firewall.1'));
    assert.ok(!platform.heard.some(({ type }) => type === 'host-firewall'));
    give(null);
    assert.equal((await told(() => true)).state, 'none');
    assert.equal(await nft.list(TABLE), undefined);
  });

  test('a policy that would cut the engine off is refused, and nothing changes', async () => {
    say(policyOf({ rules: [shell] }));
    const { problem } = await told(isState('refused'));
    assert.deepEqual(problem, {
      code: 'cuts-platform',
      params: { address: hosts.far.ipv4, port: PLATFORM_PORT },
    });
    assert.equal(await nft.list(TABLE), undefined);
  });

  test('a policy is on trial until it is confirmed in a session that began under it', async () => {
    await keep(usable);
    assert.doesNotMatch(await objects(), /trial/);
    await session.exchange().outcome();
    const stranger = hosts.far.caller.call({ protocol: 'tcp', to: hosts.near.ipv4, port: 23 });
    const { kept, inbound } = await told(({ inbound }) => (inbound?.packets ?? 0) > 0);
    assert.deepEqual([kept, stranger.isOver()], [revision, false]);
    stranger.cancel();
    assert.ok(inbound);
  });

  test('an operator who cuts their own access has it back after the time', async () => {
    say(lockOut, { trialSeconds: 5 });
    await told(isState('trial'));
    const cut = session.exchange();
    const { problem } = await told(isState('rolled-back'));
    assert.equal(problem?.code, 'not-confirmed');
    assert.equal(await cut.outcome(), 'answered');
    assert.match(await objects(), new RegExp(`${SHELL}`));
  });

  test('and has it back though the engine is killed in the middle; the next one does not try again', async () => {
    say(lockOut, { trialSeconds: 10 });
    await until(async () => (await objects()).includes('trial_in'), DEADLINE_MS);
    await kill();
    const cut = session.exchange();
    assert.equal(await cut.outcome(), 'answered');
    assert.match(await objects(), /trial_in/, 'nobody has cleared up yet: the kernel did it alone');
    engine = startEngine();
    const { problem, kept } = await told(isState('rolled-back'));
    assert.deepEqual([problem?.code, kept], ['interrupted', revision - 2]);
    assert.doesNotMatch(await objects(), /trial/);
    await session.exchange().outcome();
  });

  test('a confirmed policy is given up when the platform is not reached again', async () => {
    // As good as the last one to everybody who only reads it: a firewall on the way stops new connections.
    await hosts.far.run('nft', 'add table inet way; add chain inet way c { type filter hook input priority 0; }');
    await hosts.far.run('nft', 'add rule inet way c tcp dport 8443 tcp flags syn drop');
    say(lockOut, { trialSeconds: 10, confirmed: true });
    await until(async () => (await objects()).includes('trial_in'), DEADLINE_MS);
    await until(async () => !(await objects()).includes('trial_in'), DEADLINE_MS);
    await hosts.far.run('nft', 'delete table inet way');
    const { problem } = await told(isState('rolled-back'));
    assert.equal(problem?.code, 'platform-lost');
    await session.exchange().outcome();
  });

  test('what others delete is back, and it is told', async () => {
    const { sessions } = platform;
    await hosts.near.run('nft', 'flush', 'ruleset');
    const { repairs } = await told(({ repairs }) => repairs > 0);
    assert.equal(repairs, 1);
    assert.match(await objects(), new RegExp(`${SHELL}`));
    assert.equal(platform.sessions, sessions);
  });

  test('a listener that no rule names is found with its program, and makes the host unwell', async () => {
    await hosts.near.caller.listen('tcp', 4444);
    const { unknown } = await told(({ unknown }) => unknown.some(({ port }) => port === 4444));
    const found = unknown.find(({ port }) => port === 4444);
    assert.deepEqual(found, { protocol: 'tcp', address: '::', port: 4444, process: 'node' });
    assert.ok(!unknown.some(({ port }) => port === SHELL));
    const isTold = ({ name, code, params }: HealthItem) =>
      name === 'listeners' && code === 'unknown-listener' && params['port'] === 4444;
    await platform.waitFor('health', ({ items }) => items.some(isTold));
  });

  test('what is kept is enforced again before anybody is asked, as after a reboot', async () => {
    await kill();
    await nft.apply([{ delete: { table: TABLE } }]);
    engine = startEngine();
    await until(async () => (await objects()).includes(`${SHELL}`), DEADLINE_MS);
  });

  test('without a policy nothing is left; nor after the engine was released', async () => {
    say(null);
    await told(isState('kept'));
    assert.equal(await nft.list(TABLE), undefined);
    await keep(usable);
    await kill();
    const released = await hosts.near.run(process.execPath, MAIN, 'release');
    assert.match(released, /out of the kernel/);
    assert.equal(await nft.list(TABLE), undefined);
    assert.match(await readFile(path.join(dir, 'host-firewall'), 'utf8'), /^[0-9a-f]{64} \{/);
  });

  test('everything that was sent keeps the contract', () => assert.deepEqual(platform.violations, []));
});
