import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@hypervigil/contract';
import { everyVmProtected } from '../src/cloud/engines.ts';
import { en } from '../src/cloud/messages/en.ts';
import { guestExec, hostPaths, type Lab, labState, labUp, virsh } from '../src/index.ts';
import { endProcesses } from '../src/process.ts';
import { waitFor } from '../src/wait.ts';
import { type OwnMachine, ownMachine } from './support/own-machine.ts';
import { assertLeavesNothing, discard, scratchLab } from './support/scratch-lab.ts';

/** Two machines of somebody's, as they were before Hypervigil; on the first, two VMs of one tenant. */
const where = scratchLab('o');
const VMS = ['left', 'right'];
const WAIT = { timeoutMs: 60_000, everyMs: 100 };
let lab: Lab;
let first: OwnMachine;
let second: OwnMachine;

before(async () => {
  const vm = (name: string, last: number) => ({
    host: 'h1',
    name,
    tenant: 'acme',
    ipv4: `10.77.0.${last}/24`,
    ipv6: `fd77::${last}/64`,
  });
  lab = await labUp({ ...where, vms: VMS.map((name, n) => vm(name, 11 + n)) });
  chmodSync(where.stateDir, 0o755);
  const dir = join(where.stateDir, 'own');
  first = ownMachine(lab, 'h1', dir);
  second = ownMachine(lab, 'h2', dir);
});
after(() => discard(where));

/** What an administrator types for the VMs that are there. */
async function nameOwner(client: Client): Promise<void> {
  await client.createTenant({ body: { name: 'acme', description: '', intraTenant: 'allow' } });
  const cidrs = ['10.77.0.0/24', 'fd77::/64'];
  await client.createNetwork({ body: { name: 'prod', vlan: 100, cidrs, tenantId: null } });
}
/** Brings the platform up on the first machine; hands back the line for a host. */
async function platformLine(): Promise<string> {
  const { code, stdout, stderr } = await first.hv('up', '--platform');
  assert.equal(code, 0, stderr);
  return /^ {2}(hv engine join .*)$/m.exec(stdout)?.[1] ?? assert.fail(stdout);
}
const stateOf = async (name: string) =>
  (await first.client.listHosts({ query: {} })).items.find((host) => host.name === name)?.state;
const answers = async () => (await guestExec(lab, 'left', ['ping', '-c', '1', '-W', '1', '10.77.0.12'])).code === 0;
const assertLeft = (machine: OwnMachine, files: string[]) => {
  assert.equal(machine.left(), 0, 'processes');
  assert.deepEqual(readdirSync(machine.stateDir), files);
};

test('--connect: a libvirt that cannot be reached is refused with its reason, and nothing is begun', async () => {
  for (const [uri, reason] of [
    ['qemu+unix:///system?socket=/run/no/such', /\/run\/no\/such: the socket does not exist/],
    ['qemu+tls://127.0.0.1:9/system?pkipath=/etc/libvirt/pki', /127\.0\.0\.1:9: nothing listens there/],
    ['qemu+ssh://somewhere/system', /transport "ssh" is not supported: use unix, tls or tcp/],
  ] as const) {
    const { code, stdout, stderr } = await first.hv('up', '--connect', uri);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, reason);
    assert.match(stderr, /Nothing was started/);
    assertLeft(first, []);
  }
});

test('--connect by the local socket: VMs that ran before are seen, closed until they have an owner, then protected', async () => {
  const { code, stdout, stderr } = await first.hv('up', '--connect', 'qemu:///system');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Hypervigil is up: http:\/\/127\.0\.0\.1:8080\n/);
  assert.match(stdout, /one-time password/);
  assert.ok(!stdout.includes(en.seesOnly));
  const { client } = first;
  const { items } = await client.listHosts({ query: {} });
  assert.deepEqual(
    items.map(({ name, state }) => [name, state]),
    [['h1', 'online']],
  );
  await waitFor('both VMs', async () => (await client.listVms({ query: {} })).total === VMS.length, WAIT);
  assert.equal(await answers(), false);
  await nameOwner(client);
  await everyVmProtected(client, VMS);
  await waitFor('one tenant’s VMs talk', answers, WAIT);
});

test('hv down ends what was begun, keeps the data, and hosts go on enforcing', async () => {
  const { code, stdout, stderr } = await first.hv('down');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /data is kept in .*hv down --purge removes it/);
  assertLeft(first, ['engine', 'platform']);
  assert.ok(await answers());
});

test('--connect by TLS: with the data that was kept, the VMs are protected again; a new one appears', async () => {
  const uri = `qemu+tls://${hostPaths(lab, 'h1').managementAddress}/system?pkipath=/etc/libvirt/pki`;
  const { code, stderr } = await first.hv('up', '--connect', uri);
  assert.equal(code, 0, stderr);
  await everyVmProtected(first.client, VMS);
  const has = async (name: string, state: string) =>
    (await first.client.listVms({ query: { q: name } })).items.some((vm) => vm.name === name && vm.state === state);
  await virsh(lab, 'h1', ['destroy', 'right']);
  await waitFor('its end is seen', () => has('right', 'shutoff'), WAIT);
  await virsh(lab, 'h1', ['start', 'right']);
  await waitFor('its start is seen', () => has('right', 'running'), WAIT);
  await everyVmProtected(first.client, VMS);
  await waitFor('it talks again', answers, WAIT);
  const policy = { mode: 'observe', inbound: 'deny', outbound: 'deny' } as const;
  await first.client.updateHostFirewallDefault({ body: { policy, revision: 0 } });
  const filters = async () => (await first.shell('nft list tables')).stdout.includes('hypervigil_host');
  await waitFor('the machine has its firewall', filters, WAIT);
  assert.equal((await first.hv('down', '--purge')).code, 0);
  assertLeft(first, []);
  assert.equal(await filters(), false);
  assert.match((await first.hv('down')).stdout, /Nothing was up/);
});

test('--platform: a host joins by the very line that is printed, once', async () => {
  const line = await platformLine();
  const { code, stdout, stderr } = await second.shell(line);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^This host is host-1 of https:\/\/h1:\d+\. Start the engine: hv engine run\n$/);
  await second.start('engine', 'hv engine run');
  await waitFor('host-1 is online', async () => (await stateOf('host-1')) === 'online', WAIT);

  const again = await second.shell(`HV_STATE_DIR=/tmp/hv-no-such ${line}`);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /did not enrol this host \(token-used\)/);
  assert.equal(existsSync('/tmp/hv-no-such'), false);
  const { items } = await first.client.listAudit({ query: {} });
  assert.ok(items.some((entry) => entry.action === 'host.enrol' && entry.outcome === 'refused'));
});

test('--platform: its data outlive hv down, and hv down --purge removes them', async () => {
  const { stdout } = await first.hv('down');
  assert.match(stdout, /data is kept in/);
  assertLeft(first, ['platform']);
  // The line for the next host; the one that joined comes back by itself.
  const line = await platformLine();
  await waitFor('host-1 is online again', async () => (await stateOf('host-1')) === 'online', WAIT);
  const { code, stderr } = await second.shell(`HV_STATE_DIR=${second.stateDir}-2 ${line}`);
  assert.equal(code, 0, stderr);
  assert.equal(await stateOf('host-2'), 'offline');
  await first.hv('down', '--purge');
  assertLeft(first, []);
});

test('--connect without Open vSwitch sees the VMs, and says that it polices nothing', async () => {
  const { processes } = labState(lab);
  const switches = ['ovs-vswitchd', 'ovsdb-server'].flatMap((name) => processes[`h1/${name}`]?.identity ?? []);
  await endProcesses(switches, 0);
  rmSync(join(hostPaths(lab, 'h1').run, 'openvswitch'), { recursive: true });
  const { code, stdout, stderr } = await first.hv('up', '--connect', 'qemu:///system');
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes(en.seesOnly));
  await nameOwner(first.client);
  const seen = async () =>
    (await first.client.listVms({ query: {} })).items
      .flatMap((vm) => vm.vnics.map((vnic) => `${vm.name} ${vm.state} ${vnic.protection}`))
      .join();
  const expected = VMS.map((name) => `${name} running not-on-switch`).join();
  await waitFor('both VMs, neither protected', async () => (await seen()) === expected, WAIT);
  assert.equal((await first.hv('down', '--purge')).code, 0);
  assertLeft(first, []);
});

test('down leaves nothing behind', async () => {
  rmSync(join(where.stateDir, 'own'), { recursive: true });
  await assertLeavesNothing(where);
});
