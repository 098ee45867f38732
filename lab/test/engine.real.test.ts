import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { until } from '@hypervigil/engine/testing';
import { INTENT_RULE_DEFAULTS, type IntentRule } from '@hypervigil/model';
import {
  guestExec,
  hostPaths,
  type Lab,
  labUp,
  migrateVm,
  runInHost,
  runInHostOk,
  startInGuest,
  type VmRequest,
  waitFor,
} from '../src/index.ts';
import { type EngineCloud, startEngines, tenantSet, untilSeen } from './support/engine-cloud.ts';
import { assertLeavesNothing, discard, scratchLab } from './support/scratch-lab.ts';

const where = scratchLab('e');
const vm = (host: string, name: string, tenant: string, last: number, more: Partial<VmRequest> = {}): VmRequest => ({
  host,
  name,
  tenant,
  ipv4: `10.77.0.${last}/24`,
  ipv6: `fd77::${last}/64`,
  ...more,
});
/** Acme's application asks its database on the other host five times a second, on one connection after another. */
const APP = vm('h1', 'app', 'acme', 11, { traffic: [{ serve: 'http', port: 80 }] });
const DB = vm('h2', 'db', 'acme', 12, { traffic: [{ serve: 'db', port: 5432 }] });
const SPY = vm('h1', 'spy', 'globex', 21);
const VMS = [APP, DB, SPY];

const SPY_TO_APP: IntentRule = {
  num: 100,
  key: 'spy-to-app',
  order: 1,
  tier: 'platform',
  tenant: null,
  action: 'allow',
  from: [tenantSet('globex')],
  to: [tenantSet('acme')],
  services: [{ family: 'ip', protocol: 6, ports: { first: 80, last: 80 }, icmp: null }],
  ...INTENT_RULE_DEFAULTS,
};

/** Four a second, so that the migration falls within. */
const LINES = 100;

suite('engines in a cloud of two hosts', () => {
  let lab: Lab;
  let cloud: EngineCloud;

  before(async () => {
    lab = await labUp({ ...where, vms: VMS });
    cloud = await startEngines(lab);
    await untilSeen(cloud, VMS);
    await cloud.publish([]);
  });
  after(async () => {
    await cloud?.stop();
    await discard(where);
  });

  const pings = async (from: string, to: string): Promise<boolean> =>
    (await guestExec(lab, from, ['ping', '-c', '1', '-W', '1', to])).code === 0;
  /** Whether a TCP connection opens. */
  const opens = async (from: string, to: string, port: number): Promise<boolean> =>
    (await guestExec(lab, from, ['sh', '-c', `echo | nc -w 2 ${to} ${port}`])).code === 0;
  const isolated = async (): Promise<boolean> =>
    !(await pings('spy', '10.77.0.11')) &&
    !(await pings('spy', '10.77.0.12')) &&
    !(await opens('spy', '10.77.0.11', 80));
  const joined = async (): Promise<boolean> => (await pings('app', '10.77.0.12')) && opens('app', '10.77.0.12', 5432);

  test('what is allowed passes between hosts, by IPv4 and IPv6', async () => {
    await until(joined);
    await until(() => pings('app', 'fd77::12'));
  });

  test('tenants cannot reach each other, on one host or across', async () => {
    assert(await isolated());
    assert.equal(await pings('spy', 'fd77::11'), false);
  });

  test('nobody can take another’s address', async () => {
    await guestExec(lab, 'spy', ['ip', 'address', 'add', '10.77.0.13/24', 'dev', 'eth0']);
    const { code } = await guestExec(lab, 'spy', ['ping', '-c', '1', '-W', '1', '-I', '10.77.0.13', '10.77.0.12']);
    assert.notEqual(code, 0);
    await guestExec(lab, 'spy', ['ip', 'address', 'del', '10.77.0.13/24', 'dev', 'eth0']);
  });

  test('a rule opens what it says and no more; taken away, it cuts what it had opened', async () => {
    await cloud.publish([SPY_TO_APP]);
    assert(await opens('spy', '10.77.0.11', 80));
    assert.equal(await pings('spy', '10.77.0.11'), false);
    await cloud.publish([]);
    assert.equal(await opens('spy', '10.77.0.11', 80), false);
    const left = await runInHostOk(lab, 'h1', ['ovs-appctl', '-t', controlSocket(lab, 'h1'), 'dpctl/dump-conntrack']);
    assert.doesNotMatch(left, /src=10\.77\.0\.21,dst=10\.77\.0\.11,sport=\d+,dport=80/);
  });

  test('flows are told, with verdict and rule', async () => {
    await pings('spy', '10.77.0.12');
    const { records } = await cloud.platforms
      .get('h1')!
      .waitFor('flows', ({ records }) => records.some((r) => r.dstIp === '10.77.0.12' && r.verdict === 'deny'));
    const denied = records.find((r) => r.dstIp === '10.77.0.12' && r.verdict === 'deny');
    assert.deepEqual([denied?.srcIp, denied?.rule, denied?.net], ['10.77.0.21', 4, 1]);
  });

  test('an engine that is killed leaves everything enforced, and takes it up again', async () => {
    await cloud.killEngine('h1');
    assert(await joined());
    assert(await isolated());
    const platform = cloud.platforms.get('h1')!;
    const since = platform.heard.length;
    await cloud.startEngine('h1');
    await platform.waitFor('hello', ({ intentRevision }) => intentRevision > 0, since);
    await until(joined);
    assert(await isolated());
  });

  test('a switch that is killed comes back closed to what is forbidden and open to what is allowed', async () => {
    await runInHost(lab, 'h1', ['sh', '-c', 'kill -9 $(cat /run/openvswitch/ovs-vswitchd.pid)']);
    assert(await isolated());
    await labUp({ ...where, vms: VMS });
    await until(joined, 60_000);
    assert(await isolated());
  });

  test('a libvirtd that is killed changes nothing in the data path, and is found again', async () => {
    const platform = cloud.platforms.get('h1')!;
    const since = platform.heard.length;
    // Begun before the kill: who is asked to begin it is the libvirtd that dies.
    await startInGuest(lab, 'app', ['ping', '-i', '0.2', '-c', '20', '10.77.0.12'], '/run/steady');
    await platform.waitFor('health', undefined, since);
    await runInHost(lab, 'h1', ['sh', '-c', 'kill -9 $(cat /run/libvirtd.pid /run/libvirt/libvirtd.pid 2>/dev/null)']);
    await labUp({ ...where, vms: VMS });
    await platform.waitFor('inventory', ({ reason, vms }) => reason === 'reconnect' && vms.length === 2, since);
    const summary = async () =>
      /\d+ packets received/.exec((await guestExec(lab, 'app', ['cat', '/run/steady'])).stdout)?.[0];
    assert.equal(await waitFor('the pings are over', summary, { timeoutMs: 60_000 }), '20 packets received');
    assert(await isolated());
  });

  test('a VM that moves is protected where it arrives, and its connections go on', async () => {
    const target = cloud.platforms.get('h1')!;
    const since = target.heard.length;
    // One connection, all the time: every line comes back.
    await guestExec(lab, 'db', ['sh', '-c', 'nc -ll -p 7 -e cat >/dev/null 2>&1 &']);
    const ask = `(n=0; while [ $n -lt ${LINES} ]; do echo; n=$((n+1)); sleep 0.25; done) | nc 10.77.0.12 7 | wc -l`;
    const connection = guestExec(lab, 'app', ['sh', '-c', ask], { timeoutS: 120 });
    const forbidden = guestExec(lab, 'spy', ['ping', '-i', '0.2', '-c', '100', '10.77.0.12'], { timeoutS: 120 });
    await migrateVm(lab, 'db', 'h1');
    const arrives = ({ vm }: { vm: { name: string; state: string; incoming: boolean } }) =>
      vm.name === 'db' && vm.state === 'running' && !vm.incoming;
    const { vm: arrived } = await target.waitFor('vm', arrives, since);
    assert(arrived.vnics.every(({ enforced }) => enforced));
    await until(joined);
    assert.equal(Number((await connection).stdout), LINES);
    assert.match((await forbidden).stdout, / 0 packets received/);
    assert(await isolated());
  });

  test('nothing that was sent broke the contract', () => {
    for (const { violations } of cloud.platforms.values()) assert.deepEqual(violations, []);
  });

  test('the lab leaves nothing', async () => {
    await cloud.stop();
    await assertLeavesNothing(where);
  });
});

/** The switch names its control socket after its process. */
function controlSocket(lab: Lab, host: string): string {
  const pid = readFileSync(`${hostPaths(lab, host).run}/openvswitch/ovs-vswitchd.pid`, 'utf8').trim();
  return `/run/openvswitch/ovs-vswitchd.${pid}.ctl`;
}
