import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  createVm,
  destroyVm,
  guestExec,
  guestOk,
  hostOf,
  hostPaths,
  type Lab,
  labStatus,
  labUp,
  migrateVm,
  openSwitches,
  powerState,
  runInHost,
  runInHostOk,
  spawnInHost,
  spawnRoot,
  virsh,
} from '../src/index.ts';
import { waitFor } from '../src/wait.ts';
import { assertLeavesNothing, discard, scratchLab } from './support/scratch-lab.ts';
import { smallCloud } from './support/small-cloud.ts';

const where = scratchLab('c');
let lab: Lab;

before(async () => {
  lab = await labUp({ ...where, vms: smallCloud() });
});
after(() => discard(where));

const counters = async () => {
  const { stdout } = await guestExec(lab, 'right', ['cat', '/run/traffic/1']);
  const [, ok = 0, fail = 0, connect = 0] = /^ok (\d+) fail (\d+) connect (\d+)/.exec(stdout)?.map(Number) ?? [];
  return { ok, fail, connect };
};

test('a host has its own name, libvirt and switch, reachable from outside', async () => {
  for (const host of ['h1', 'h2']) {
    const paths = hostPaths(lab, host);
    assert.equal((await runInHostOk(lab, host, ['hostname'])).trim(), host);
    assert.equal((await virsh(lab, host, ['hostname'])).trim(), host);
    assert.ok(existsSync(paths.ovsdbSocket));
    const flows = await runInHostOk(lab, host, ['ovs-vsctl', 'get', 'bridge', 'br-int', 'fail_mode', 'datapath_type']);
    assert.equal(flows, 'secure\nnetdev\n');
  }
  const uuids = await Promise.all(['h1', 'h2'].map((h) => virsh(lab, h, ['capabilities'])));
  assert.notEqual(/<uuid>(.*?)</.exec(uuids[0]!)?.[1], /<uuid>(.*?)</.exec(uuids[1]!)?.[1]);
});

test('guests are silent until something programmes the switches, and talk over both families then', async () => {
  assert.notEqual((await guestExec(lab, 'right', ['ping', '-c', '1', '-W', '1', '10.77.0.11'])).code, 0);
  await openSwitches(lab);
  // A neighbour that was asked for in vain a moment ago is not asked for again at once.
  for (const address of ['10.77.0.11', 'fd77::11']) {
    const answers = async () => (await guestExec(lab, 'right', ['ping', '-c', '1', '-W', '1', address])).code === 0;
    await waitFor(`${address} answers`, answers, { timeoutMs: 30_000 });
  }
  await waitFor('traffic flows', async () => (await counters()).ok > 3, { timeoutMs: 30_000, everyMs: 200 });
});

test('a host reaches root and the other host on the management network', async () => {
  const { managementAddress } = hostPaths(lab, 'h2');
  const root = managementAddress.replace(/\.\d+$/, '.1');
  for (const to of [managementAddress, root]) {
    await runInHostOk(lab, 'h1', ['busybox', 'ping', '-c', '1', '-W', '5', to]);
  }
});

test('a command in a guest keeps its code, both streams, its input and its time limit', async () => {
  const result = await guestExec(lab, 'left', ['sh', '-c', 'cat; echo é "\\\\" >&2; exit 7'], {
    input: 'a "b"\n\té€😀',
  });
  assert.deepEqual(result, { code: 7, stdout: 'a "b"\n\té€😀', stderr: 'é \\\n', timedOut: false });
  assert.equal((await guestExec(lab, 'left', ['sleep', '60'], { timeoutS: 1 })).timedOut, true);
  assert.equal((await guestExec(lab, 'left', ['no-such-program'])).code, 127);
});

test('what a guest prints is bounded, and the guest answers after it', async () => {
  const { stdout } = await guestExec(lab, 'left', ['sh', '-c', 'head -c 5000000 /dev/zero'], { timeoutS: 60 });
  assert.equal(stdout.length, 1024 * 1024);
  assert.equal((await guestExec(lab, 'left', ['echo', 'still here'])).stdout, 'still here\n');
});

test('several callers of one guest each get their own answer', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map((n) => guestOk(lab, 'left', ['echo', String(n)])));
  assert.deepEqual(answers, ['1\n', '2\n', '3\n', '4\n']);
});

test('a VM says who it is in its metadata', async () => {
  const xml = await virsh(lab, 'h1', ['metadata', 'left', 'https://hypervigil.dev/xmlns/vm/1']);
  assert.match(xml, /tenant="acme"/);
  assert.match(xml, /ipv4="10\.77\.0\.11" ipv6="fd77::11"/);
});

test('a running VM moves to another host and back with its connections', async () => {
  await openSwitches(lab);
  const booted = Number((await guestOk(lab, 'left', ['cat', '/proc/uptime'])).split(' ')[0]);
  await waitFor('a connection', async () => (await counters()).ok > 0, { timeoutMs: 30_000, everyMs: 200 });
  const connections = (await counters()).connect;
  for (const host of ['h2', 'h1']) {
    await migrateVm(lab, 'left', host);
    assert.equal(await hostOf(lab, 'left'), host);
    const { ok } = await counters();
    await waitFor('answers after the move', async () => (await counters()).ok > ok + 3, {
      timeoutMs: 30_000,
      everyMs: 200,
    });
  }
  assert.equal((await counters()).connect, connections);
  assert.ok(Number((await guestOk(lab, 'left', ['cat', '/proc/uptime'])).split(' ')[0]) >= booted);
});

test('a VM that somebody else moved is found', async () => {
  const target = hostPaths(lab, 'h2').managementAddress;
  const uri = `qemu+tls://${target}/system?pkipath=/etc/libvirt/pki`;
  await virsh(lab, 'h1', [
    'migrate',
    '--live',
    '--p2p',
    '--persistent',
    '--undefinesource',
    '--migrateuri',
    `tcp://${target}`,
    'left',
    uri,
  ]);
  assert.equal(await hostOf(lab, 'left'), 'h2');
  await migrateVm(lab, 'left', 'h1');
});

test('a VM is made and destroyed, and a name is taken only once', async () => {
  const request = { host: 'h2', name: 'third', tenant: 'globex', ipv4: '10.77.0.13/24', ipv6: 'fd77::13/64' };
  await createVm(lab, request);
  assert.equal(await powerState(lab, 'third'), 'running');
  await assert.rejects(createVm(lab, request), { code: 'LAB_VM' });
  await destroyVm(lab, 'third');
  await assert.rejects(powerState(lab, 'third'), { code: 'LAB_VM' });
});

test('a process that was started is recorded, not started twice, and started again when it has ended', async () => {
  const argv = ['sleep', '1000'];
  const first = await spawnInHost(lab, 'h1', argv, { name: 'h1/sleeper' });
  assert.equal(first.started, true);
  assert.deepEqual(await spawnInHost(lab, 'h1', argv, { name: 'h1/sleeper' }), { ...first, started: false });
  process.kill(first.pid, 'SIGKILL');
  const again = await waitFor(
    'a new one',
    async () => {
      const spawned = await spawnInHost(lab, 'h1', argv, { name: 'h1/sleeper' });
      return spawned.started && spawned;
    },
    { timeoutMs: 10_000 },
  );
  assert.notEqual(again.pid, first.pid);
  const speaker = ['sh', '-c', 'echo "$GREETING"; exec sleep 1000'];
  const { logFile } = await spawnRoot(lab, speaker, { name: 'speaker', env: { GREETING: 'hello' } });
  await waitFor('its words', () => readFileSync(logFile, 'utf8').includes('hello'), { timeoutMs: 10_000 });
  assert.equal((await runInHost(lab, 'h1', ['false'])).code, 1);
});

test('bringing up what is up changes nothing', async () => {
  const pids = (s: Awaited<ReturnType<typeof labStatus>>) => s.processes.map((p) => [p.name, p.pid]);
  const earlier = await labStatus(where);
  await labUp({ ...where, vms: smallCloud() });
  const later = await labStatus(where);
  assert.equal(later.up, true);
  assert.deepEqual(pids(later), pids(earlier));
  assert.deepEqual(
    later.vms.map((v) => v.state),
    ['running', 'running'],
  );
});

test('a host whose programs were killed comes back with its VMs', async () => {
  const { processes } = await labStatus(where);
  for (const p of processes) {
    if (p.where === 'h2' && p.pid !== null && p.running) process.kill(p.pid, 'SIGKILL');
  }
  await waitFor('the host is seen to be down', async () => !(await labStatus(where)).up, { timeoutMs: 10_000 });
  await labUp({ ...where, vms: smallCloud() });
  assert.equal((await guestExec(lab, 'right', ['hostname'])).stdout, 'right\n');
});

test('down leaves nothing behind', () => assertLeavesNothing(where));
