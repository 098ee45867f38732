import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiError, type FlowRecord } from '@hypervigil/contract';
import { type AlertCode, type Group, type Sensitivity, SYNTHETIC_RULES } from '@hypervigil/model';
import {
  codeIs,
  connectEngine,
  enrol,
  joinAs,
  observedVm,
  startTestCloud,
  type TestCloud,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const [DECLARED, OTHER, THIRD] = [1, 2, 3];
const addressOf = (n: number) => observedVm(n).vnics[0]!.claims.ipv4[0]!;
/** As many failures in a row as make a scan, and more than half of that. */
const [ENOUGH, HALF] = [12, 7];

describe('settings of detectors', () => {
  let cloud: TestCloud;
  let admin: TestPerson;
  let engine: TestEngine;
  let boss: TestPerson;
  let scanners: Group;
  let net: number;
  let batches = 0;

  before(async () => {
    cloud = await startTestCloud('detector-settings');
    admin = cloud.person;
    const credentials = await enrol(cloud.platform, admin, 'h1');
    engine = await connectEngine(cloud.platform, credentials, { obedient: true });
    engine.send(inventory(...[DECLARED, OTHER, THIRD].map((n) => claimed(n, 'acme'))));
    await until('three VMs', async () => (await admin.client.listVms({ query: {} })).total === 3);
    net = (await admin.client.listNetworks({ query: {} })).items.find(({ name }) => name === 'prod')!.num;
    const tenantId = (await admin.client.listTenants({ query: {} })).items.find(({ name }) => name === 'acme')!.id;
    boss = await joinAs(cloud.platform, admin, { name: 'boss', duty: 'tenant-admin', tenantId });
    const body = { name: 'Scanners', tenantId: null, vmIds: [observedVm(DECLARED).id] };
    scanners = await admin.client.createGroup({ body });
  });
  after(() => cloud?.stop());

  /** Each time of other ports, later than what was before: nothing of it is told as more of the same. */
  const scan = async (from: number, count: number, ago?: number) => {
    batches++;
    const atMs = Date.now() + (ago === undefined ? batches * 20_000 : -ago);
    const records = Array.from(
      { length: count },
      (_, n): FlowRecord => ({
        ...{ key: `${from}-${batches}-${n}`, point: 'egress', net, protocol: 6 },
        ...{ srcIp: addressOf(from), dstIp: `10.99.${batches}.1`, srcPort: 40_000 + n, dstPort: 1000 + n },
        ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, pending: null, inspection: null },
        ...{ verdict: 'deny', rule: SYNTHETIC_RULES['default-deny'], revision: 0, tcpFlags: 0 },
        ...{ bytes: 60, packets: 1, replyBytes: 0, replyPackets: 0, startMs: atMs, endMs: atMs },
      }),
    );
    const batch = `batch ${batches}`;
    engine.send({ type: 'flows', batch, records, names: [], lost: 0 });
    await until('stored', () => engine.received.some((one) => one.type === 'flows.stored' && one.batch === batch));
  };
  const scansOf = async (n: number) =>
    (await admin.client.listAlerts({ query: { code: 'port-scan', vmId: observedVm(n).id } })).items;
  const off = {
    codes: ['port-scan', 'host-sweep'] as AlertCode[],
    sensitivity: 'off' as const,
    reason: 'Scans for us.',
  };

  it('keep quiet of the VMs of a group and of no other, and count what would have been told', async () => {
    const body = { ...off, groupId: scanners.id };
    const setting = await admin.client.createDetectorSetting({ body });
    assert.deepEqual(
      [setting.groupName, setting.sensitivity, setting.expiresAt, setting.swallowed, setting.changedBy],
      ['Scanners', 'off', null, 0, 'admin'],
    );
    await scan(DECLARED, ENOUGH);
    await scan(OTHER, ENOUGH);
    await until('an alert of the other', async () => (await scansOf(OTHER)).length === 1);
    const params = { id: setting.id };
    await until('counted', async () => (await admin.client.getDetectorSetting({ params })).swallowed > 0);
    assert.deepEqual(await scansOf(DECLARED), []);
    const setOf = async (n: number) => (await boss.client.getVmBehaviour({ params: { id: observedVm(n).id } })).set;
    assert.deepEqual(
      await setOf(DECLARED),
      body.codes.map((code) => ({ code, sensitivity: 'off' })),
    );
    assert.deepEqual(await setOf(OTHER), []);
    assert.equal((await admin.client.listDetectorSettings({ query: { code: 'port-scan' } })).total, 1);
    assert.equal((await admin.client.listDetectorSettings({ query: { code: 'flood' } })).total, 0);
  });

  it('hold no longer than until they end', async () => {
    const [setting] = (await admin.client.listDetectorSettings({ query: {} })).items;
    const params = { id: setting!.id };
    const body = { ...off, groupId: scanners.id, revision: setting!.revision };
    const expiresAt = new Date(Date.now() - 1000).toISOString();
    const ended = await admin.client.updateDetectorSetting({ params, body: { ...body, expiresAt } });
    assert.equal(ended.expiresAt, expiresAt);
    await assert.rejects(admin.client.updateDetectorSetting({ params, body }), codeIs('stale-revision'));
    await scan(DECLARED, ENOUGH);
    await until('an alert', async () => (await scansOf(DECLARED)).length === 1);
  });

  it('tell with less where they are set so, for all VMs that no group’s setting is for', async () => {
    await scan(THIRD, HALF);
    await scan(OTHER, ENOUGH);
    await until('judged', async () => (await scansOf(OTHER)).length === 2);
    assert.deepEqual(await scansOf(THIRD), []);
    const body = {
      codes: ['port-scan'] as AlertCode[],
      sensitivity: 'high' as const,
      reason: 'We are being looked at.',
    };
    const { id } = await admin.client.createDetectorSetting({ body });
    await scan(THIRD, HALF);
    await until('an alert', async () => (await scansOf(THIRD)).length === 1);
    await admin.client.deleteDetectorSetting({ params: { id } });
    await assert.rejects(admin.client.getDetectorSetting({ params: { id } }), codeIs('not-found'));
  });

  it('are not of what is found or not, nor of anything twice, nor of groups that are not there', async () => {
    const create = (change: object) => admin.client.createDetectorSetting({ body: { ...off, ...change } });
    const problemsOf = (change: object) =>
      create(change).then(
        () => assert.fail('it was taken'),
        (error: unknown) => {
          assert.ok(error instanceof ApiError);
          return error.body.problems.map(({ field, code }) => `${field} ${code}`);
        },
      );
    assert.deepEqual(await problemsOf({ codes: ['flood', 'mining'], sensitivity: 'low' }), ['codes.1 not-graded']);
    assert.deepEqual(await problemsOf({ codes: ['flood', 'flood'] }), ['codes.1 twice']);
    assert.deepEqual(await problemsOf({ codes: [] }), ['codes too-few']);
    assert.deepEqual(await problemsOf({ reason: ' ' }), ['reason too-short']);
    assert.deepEqual(await problemsOf({ groupId: observedVm(1).id }), ['groupId unknown-id']);
    assert.equal((await admin.client.listDetectorSettings({ query: {} })).total, 1);
  });

  it('say before what they would have told of recorded flows, and change nothing by it', async () => {
    await scan(THIRD, HALF, 120_000);
    await scan(OTHER, ENOUGH, 60_000);
    const preview = async (sensitivity: Sensitivity, groupId: string | null = null) => {
      const codes: AlertCode[] = ['port-scan', 'dns-tunnel'];
      const body = { groupId, codes: sensitivity === 'off' ? codes : codes.slice(0, 1), sensitivity };
      const { usual, set, isCut, notReplayed, items } = await admin.client.previewDetectorSetting({ body });
      assert.equal(isCut, false);
      const told = items.map((one) => [one.vmName, one.code, one.usual, one.set]);
      return { usual, set, notReplayed, told };
    };
    const [other, third] = [observedVm(OTHER).name, observedVm(THIRD).name];
    assert.deepEqual(await preview('high'), {
      ...{ usual: 1, set: 2, notReplayed: [] },
      told: [
        [other, 'port-scan', true, true],
        [third, 'port-scan', false, true],
      ],
    });
    assert.deepEqual(await preview('off'), {
      ...{ usual: 1, set: 0, notReplayed: ['dns-tunnel'], told: [[other, 'port-scan', true, false]] },
    });
    assert.deepEqual(await preview('low', scanners.id), { usual: 0, set: 0, notReplayed: [], told: [] });
    assert.equal((await admin.client.listDetectorSettings({ query: {} })).total, 1);
  });

  it('are proposed by what people said of alerts, and set by nobody but people', async () => {
    const body = { name: 'Noisy', tenantId: null, vmIds: [observedVm(OTHER).id] };
    const noisy = await admin.client.createGroup({ body });
    const proposals = async () => (await admin.client.listDetectorProposals()).items;
    const closeAll = async () => {
      const open = (await scansOf(OTHER)).filter(({ state }) => state !== 'closed');
      for (const { id } of open) await admin.client.closeAlert({ params: { id }, body: { resolution: 'false' } });
      return open.length;
    };
    let closed = await closeAll();
    for (; closed < 5; closed += await closeAll()) {
      assert.deepEqual(await proposals(), []);
      await scan(OTHER, ENOUGH);
      await until('another', async () => (await scansOf(OTHER)).some(({ state }) => state !== 'closed'));
    }
    assert.deepEqual(await proposals(), [
      {
        ...{ groupId: noisy.id, groupName: 'Noisy', code: 'port-scan', sensitivity: 'low' },
        ...{ vms: 1, false: closed, expected: 0 },
      },
    ]);
    assert.equal((await admin.client.listDetectorSettings({ query: {} })).total, 1);
    const set = {
      groupId: noisy.id,
      codes: ['port-scan'] as AlertCode[],
      sensitivity: 'low' as const,
      reason: 'Noise.',
    };
    await admin.client.createDetectorSetting({ body: set });
    assert.deepEqual(await proposals(), []);
  });

  it('are the provider’s, audited, and keep the group that they name', async () => {
    await assert.rejects(boss.client.listDetectorSettings({ query: {} }), codeIs('not-permitted'));
    await assert.rejects(boss.client.createDetectorSetting({ body: off }), codeIs('not-permitted'));
    const { codes, sensitivity } = off;
    const preview = boss.client.previewDetectorSetting({ body: { codes, sensitivity } });
    await assert.rejects(preview, codeIs('not-permitted'));
    const { items } = await admin.client.listAudit({ query: { limit: 100 } });
    const told = items.filter(({ action }) => action.startsWith('detector.')).map(({ action }) => action);
    assert.deepEqual(told, ['detector.set', 'detector.unset', 'detector.set', 'detector.set', 'detector.set']);
    await assert.rejects(admin.client.deleteGroup({ params: { id: scanners.id } }), codeIs('in-use'));
  });
});
