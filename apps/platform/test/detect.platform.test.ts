import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FlowRecord } from '@hypervigil/contract';
import { type AlertCode, type Duty, SYNTHETIC_RULES } from '@hypervigil/model';
import {
  codeIs,
  connectEngine,
  enrol,
  observedVm,
  PASSWORD,
  personWith,
  signIn,
  startTestCloud,
  startTestPlatform,
  type TestCloud,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const [SCANNER, VICTIM, OTHER] = [1, 2, 3];
const addressOf = (n: number) => observedVm(n).vnics[0]!.claims.ipv4[0]!;

describe('detection', () => {
  let cloud: TestCloud;
  let admin: TestPerson;
  let engine: TestEngine;
  let boss: TestPerson;
  let stranger: TestPerson;
  let net: number;
  let batches = 0;

  before(async () => {
    cloud = await startTestCloud('detection');
    admin = cloud.person;
    const credentials = await enrol(cloud.platform, admin, 'h1');
    engine = await connectEngine(cloud.platform, credentials, { obedient: true });
    engine.send(inventory(claimed(SCANNER, 'acme'), claimed(VICTIM, 'globex'), claimed(OTHER, 'acme')));
    await until('three VMs', async () => (await admin.client.listVms({ query: {} })).total === 3);
    net = (await admin.client.listNetworks({ query: {} })).items.find(({ name }) => name === 'prod')!.num;
    const tenants = (await admin.client.listTenants({ query: {} })).items;
    const join = async (name: string, duty: Exclude<Duty, 'bootstrap'>, tenant: string) => {
      const tenantId = tenants.find((one) => one.name === tenant)!.id;
      const { password } = await admin.client.createAccount({ body: { name, duty, tenantId } });
      const person = personWith(cloud.platform, await signIn(cloud.platform, name, password));
      await person.client.changePassword({ body: { current: password, next: PASSWORD } });
      return person;
    };
    boss = await join('boss', 'tenant-admin', 'acme');
    stranger = await join('stranger', 'tenant-admin', 'globex');
  });
  after(() => cloud?.stop());

  const record = (from: number, to: number, n: number, change: Partial<FlowRecord> = {}): FlowRecord => ({
    ...{ key: `${from}-${to}-${n}-${batches}`, point: 'egress', net, protocol: 6 },
    ...{ srcIp: addressOf(from), dstIp: addressOf(to), srcPort: 40_000 + n, dstPort: 1000 + n },
    ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, pending: null, inspection: null },
    ...{ verdict: 'deny', rule: SYNTHETIC_RULES['default-deny'], revision: 0, tcpFlags: 0 },
    ...{ bytes: 60, packets: 1, replyBytes: 0, replyPackets: 0, startMs: Date.now(), endMs: Date.now() },
    ...change,
  });
  const send = async (records: FlowRecord[], via = engine) => {
    const batch = `batch ${++batches}`;
    via.send({ type: 'flows', batch, records, names: [], lost: 0 });
    await until('stored', () => via.received.some((one) => one.type === 'flows.stored' && one.batch === batch));
  };
  const scan = (from: number, to: number, count: number, first = 0) =>
    Array.from({ length: count }, (_, i) => record(from, to, first + i));
  const alertsOf = async (code: AlertCode, person = admin) =>
    (await person.client.listAlerts({ query: { code } })).items;
  const one = (code: AlertCode) => until(`an alert ${code}`, async () => (await alertsOf(code))[0] ?? null);

  it('raises an alert that explains itself, once for what goes on', async () => {
    await send(scan(SCANNER, OTHER, 30));
    const alert = await one('port-scan');
    assert.deepEqual(
      [alert.state, alert.side, alert.technique, alert.severity, alert.reason],
      ['new', 'source', 'T1046', 'medium', 'none-answered'],
    );
    assert.equal(alert.vmId, observedVm(SCANNER).id);
    assert.deepEqual(
      alert.peers.map(({ ip, vmId }) => [ip, vmId]),
      [[addressOf(OTHER), observedVm(OTHER).id]],
    );
    assert.ok(alert.flowKeys.length >= 10 && Number(alert.seen['failed']) >= 10);

    const advised = (await admin.client.getOverview()).advice.filter(({ code }) => code.startsWith('alerts'));
    assert.deepEqual(advised, [{ code: 'alerts-new', severity: 'medium', params: { count: 1 } }]);

    const later = { startMs: Date.now() + 20_000, endMs: Date.now() + 20_000 };
    await send(scan(SCANNER, OTHER, 30, 100).map((flow) => ({ ...flow, ...later })));
    await until('counted up', async () => (await one('port-scan')).count > 1);
    assert.equal((await alertsOf('port-scan')).length, 1);
  });

  it('does not judge what was stored before', async () => {
    const counted = (await one('port-scan')).count;
    const later = { startMs: Date.now() + 60_000, endMs: Date.now() + 60_000 };
    const records = scan(SCANNER, OTHER, 30, 200).map((flow) => ({ ...flow, ...later }));
    await send(records);
    await until('counted up', async () => (await one('port-scan')).count > counted);
    const { count } = await one('port-scan');
    engine.send({ type: 'flows', batch: `batch ${batches}`, records, names: [], lost: 0 });
    // What comes after it was judged after it.
    await send(scan(OTHER, SCANNER, 30));
    await until('the other', async () => (await alertsOf('port-scan')).length === 2);
    assert.equal((await alertsOf('port-scan')).find(({ vmId }) => vmId === observedVm(SCANNER).id)?.count, count);
  });

  it('tells forged addresses of who forges them, by the MAC', async () => {
    const mac = observedVm(SCANNER).vnics[0]!.mac;
    const rule = SYNTHETIC_RULES['anti-spoof'];
    await send(Array.from({ length: 5 }, (_, n) => record(OTHER, VICTIM, n, { rule, srcMac: mac })));
    const alert = await one('spoofing');
    assert.deepEqual([alert.vmId, alert.seen['ip']], [observedVm(SCANNER).id, addressOf(OTHER)]);
  });

  it("shows a tenant alerts about its own VMs, and of others' VMs an address", async () => {
    await send(Array.from({ length: 8 }, (_, n) => record(SCANNER, VICTIM, n, { dstPort: 22 })));
    const alert = await one('cross-tenant');
    assert.equal(alert.peers[0]?.vmId, observedVm(VICTIM).id);
    const [own] = await alertsOf('cross-tenant', boss);
    assert.deepEqual(own?.peers, [{ ip: addressOf(VICTIM), vmId: null, tenantId: null }]);
    assert.deepEqual((await stranger.client.listAlerts({ query: {} })).items, []);
    const params = { id: alert.id };
    await assert.rejects(stranger.client.getAlert({ params }), codeIs('not-found'));
    await assert.rejects(stranger.client.closeAlert({ params, body: { resolution: 'false' } }), codeIs('not-found'));
  });

  it('goes through its states, with who looks after it and what they wrote, all of it audited', async () => {
    const { id } = await one('cross-tenant');
    const params = { id };
    assert.equal((await boss.client.triageAlert({ params })).state, 'triaged');
    await assert.rejects(boss.client.triageAlert({ params }), codeIs('alert-not-in-state'));
    const started = await boss.client.startAlert({ params });
    assert.deepEqual([started.state, started.assignee], ['in-progress', 'boss']);
    await assert.rejects(boss.client.assignAlert({ params, body: { assignee: 'admin' } }), codeIs('invalid-request'));
    assert.equal((await admin.client.assignAlert({ params, body: { assignee: 'admin' } })).assignee, 'admin');
    await boss.client.commentAlert({ params, body: { text: 'A test of ours.' } });
    const closed = await boss.client.closeAlert({ params, body: { resolution: 'expected', comment: 'Over.' } });
    assert.deepEqual([closed.state, closed.resolution], ['closed', 'expected']);
    assert.deepEqual(
      closed.comments.map(({ author, text }) => [author, text]),
      [
        ['boss', 'A test of ours.'],
        ['boss', 'Over.'],
      ],
    );
    await assert.rejects(boss.client.startAlert({ params }), codeIs('alert-not-in-state'));
    const { items } = await admin.client.listAudit({ query: { limit: 100 } });
    const actions = items
      .filter(({ subject, outcome }) => subject === `alert:${id}` && outcome === 'done')
      .map(({ action }) => action);
    assert.deepEqual(actions.toReversed(), [
      ...['alert.raised', 'alert.triage', 'alert.start', 'alert.assign', 'alert.comment', 'alert.close'],
    ]);
  });

  it('is another alert once the first was closed', async () => {
    const later = { startMs: Date.now() + 90_000, endMs: Date.now() + 90_000, dstPort: 22 };
    await send(Array.from({ length: 12 }, (_, n) => record(SCANNER, VICTIM, n, later)));
    await until('a second', async () => (await alertsOf('cross-tenant')).length === 2);
  });

  it('takes no time that is not for its own, and words of guests as they are', async () => {
    const never = { startMs: Number.MAX_SAFE_INTEGER, endMs: Number.MAX_SAFE_INTEGER };
    const told = { id: 7, revision: 1, message: '\u0000 \ud83d', category: '', severity: 1, application: null };
    const inspection: FlowRecord['inspection'] = {
      ...{ outcome: 'copied', gateway: null, later: [], applications: [], name: null, risks: [], blocked: null },
      signatures: [{ ...told, at: new Date().toISOString() }],
    };
    await send([record(OTHER, SCANNER, 1, { inspection, verdict: 'allow', rule: 100 })]);
    await until('both ends', async () => (await alertsOf('known-attack')).length === 2);
    await send([record(OTHER, SCANNER, 2, { ...never, inspection, verdict: 'allow', rule: 100 })]);
    await send([
      record(OTHER, SCANNER, 3, {
        inspection: { ...inspection, signatures: [{ ...inspection.signatures[0]!, id: 8 }] },
      }),
    ]);
    const [alert] = await until('another', async () => {
      const found = (await alertsOf('known-attack')).filter(({ seen }) => String(seen['what']).startsWith('8'));
      return found.length > 0 ? found : null;
    });
    assert.ok(Date.parse(alert!.lastAt) < Date.now() + 600_000);
  });

  it('forgets nothing when the platform restarts', async () => {
    await send(
      scan(VICTIM, SCANNER, 7).map((flow) => ({ ...flow, rule: 100, dstIp: `198.51.100.${flow.dstPort % 250}` })),
    );
    engine.close();
    await cloud.platform.stop();
    const again = await startTestPlatform(cloud.scratch, 'detection', { databaseUrl: cloud.databaseUrl });
    try {
      const person = personWith(again, await signIn(again, 'admin', PASSWORD));
      const next = await connectEngine(again, await enrol(again, person, 'h2'), { obedient: true });
      const rest = scan(VICTIM, SCANNER, 7, 7).map((flow) => ({ ...flow, dstIp: `198.51.100.${flow.dstPort % 250}` }));
      await send(rest, next);
      const found = await until('the alert', async () =>
        (await person.client.listAlerts({ query: { vmId: observedVm(VICTIM).id } })).items.at(0),
      );
      assert.equal(found.code, 'host-sweep');
      next.close();
    } finally {
      await again.stop();
    }
  });
});
