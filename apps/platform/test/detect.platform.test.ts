import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiError, type FlowRecord, type NameRecord } from '@hypervigil/contract';
import { beginState } from '@hypervigil/detect';
import {
  type AlertCode,
  type Severity,
  type SeverityReason,
  SYNTHETIC_RULES,
  type VmBehaviour,
} from '@hypervigil/model';
import { type DetectionOfVm, raise } from '../src/detect/raise.ts';
import { saveStates } from '../src/detect/states.ts';
import { openDatabase } from '../src/state/database.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  joinAs,
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
    const join = (name: string, tenant: string) => {
      const tenantId = tenants.find((one) => one.name === tenant)!.id;
      return joinAs(cloud.platform, admin, { name, duty: 'tenant-admin', tenantId });
    };
    boss = await join('boss', 'acme');
    stranger = await join('stranger', 'globex');
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
  const send = async (records: FlowRecord[], via = engine, names: NameRecord[] = []) => {
    const batch = `batch ${++batches}`;
    via.send({ type: 'flows', batch, records, names, lost: 0 });
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
    const closed = await boss.client.closeAlert({
      params,
      body: { resolution: 'expected', comment: 'Over.', exceptionDays: 0 },
    });
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

  it('says what was seen when it was as severe as it is', async () => {
    const db = openDatabase({ connectionString: cloud.databaseUrl }, assert.fail);
    const scanned = (severity: Severity, reason: SeverityReason, failed: number): DetectionOfVm => ({
      ...{ vmId: observedVm(OTHER).id, code: 'host-sweep', side: 'source', about: '', severity, reason },
      ...{ expected: { percent: 20 }, seen: { failed }, peers: [], flowKeys: [], startMs: failed, endMs: failed },
    });
    await raise(db, [scanned('medium', 'none-answered', 10), scanned('high', 'some-answered', 11)]);
    await raise(db, [scanned('high', 'other-tenants', 12), scanned('medium', 'none-answered', 13)]);
    await db.destroy();
    const { severity, reason, seen, count, lastAt } = await one('host-sweep');
    assert.deepEqual([severity, reason, seen, count], ['high', 'other-tenants', { failed: 12 }, 4]);
    assert.equal(Date.parse(lastAt), 13);
  });

  it('is another alert once the first was closed', async () => {
    const later = { startMs: Date.now() + 90_000, endMs: Date.now() + 90_000, dstPort: 22 };
    await send(Array.from({ length: 12 }, (_, n) => record(SCANNER, VICTIM, n, later)));
    await until('a second', async () => (await alertsOf('cross-tenant')).length === 2);
  });

  it('tells a flow with an address of a threat set, which one, from where and how old; of a tenant only its own', async () => {
    const fed = { format: 'list' as const };
    const tenantId = (await admin.client.listTenants({ query: {} })).items.find(({ name }) => name === 'globex')!.id;
    const make = async (name: string, owner: string | null, content: string) => {
      const { id } = await admin.client.createThreatSet({
        body: { name, description: '', tenantId: owner, feed: fed, excluded: [] },
      });
      await admin.client.uploadThreatSet({ params: { id }, body: { fileName: `${name}.txt`, content } });
    };
    await make('everybody', null, '203.0.113.0/28\n2001:db8::bad\n');
    await make('globex only', tenantId, '203.0.113.200\n');
    const call = (dstIp: string) => record(OTHER, VICTIM, 1, { dstIp, dstPort: 443, verdict: 'allow', rule: 100 });
    const answered = { packets: 5, replyPackets: 4 };
    // Once: a set is known to whatever is judged after it was uploaded.
    await send([call('203.0.113.200'), { ...call('203.0.113.7'), ...answered }]);
    await until('an alert', async () => (await alertsOf('threat-called')).length > 0);
    const found = await alertsOf('threat-called');
    assert.deepEqual(
      found.map(({ vmId, severity, reason, technique, seen }) => [
        ...[vmId, severity, reason, technique],
        ...[seen['set'], seen['source'], seen['hours'], seen['ip']],
      ]),
      [[observedVm(OTHER).id, 'high', 'some-answered', 'T1071', 'everybody', 'everybody.txt', 0, '203.0.113.7']],
    );
    await send([record(OTHER, VICTIM, 1, { srcIp: '2001:db8::bad', point: 'ingress' })]);
    assert.deepEqual((await one('threat-caller')).side, 'target');
  });

  it('tells what it knows of a VM to those whose VM it is, as it is in memory or as another process wrote it down', async () => {
    const params = { id: observedVm(SCANNER).id };
    const read = (person = boss) => person.client.getVmBehaviour({ params });
    const sentOf = ({ measures }: VmBehaviour) => measures.find(({ measure }) => measure === 'sent')!;
    const bytes = 70 * 1024 * 1024;
    await send([record(SCANNER, OTHER, 1, { verdict: 'allow', rule: 100, bytes, replyPackets: 4 })]);
    // An hour that ends meanwhile is known within a quarter.
    const behaviour = await until('learnt', async () => {
      const found = await read();
      const { now, week } = sentOf(found);
      return now.seen + (week.at(-1)!.seen ?? 0) >= bytes / 2 ? found : null;
    });
    assert.equal(sentOf(behaviour).now.usual, null);
    const learning = behaviour.learning.find(({ code }) => code === 'unusual-volume')!;
    assert.equal(Date.parse(learning.until!) - Date.parse(learning.since!), 7 * 24 * 3_600_000);
    assert.ok(learning.share < 0.01);
    await assert.rejects(read(stranger), codeIs('not-found'));
    await assert.rejects(
      admin.client.getVmBehaviour({ params: { id: '00000000-0000-4000-8000-00000000dead' } }),
      codeIs('not-found'),
    );

    const db = openDatabase({ connectionString: cloud.databaseUrl }, assert.fail);
    const state = beginState();
    const hour = Math.floor(Date.now() / 3_600_000) - 1;
    state.tenantId = (await admin.client.getVm({ params })).tenantId;
    Object.assign(state.unusual.sent.hours, { past: 'z'.repeat(170), hour, now: 15 });
    await saveStates(db, [[params.id, state]]);
    await db.destroy();
    const { now, week } = sentOf(await read());
    assert.ok(now.usual! > 1024 && now.alertsFrom! > now.usual!);
    assert.equal(week[0]!.usual, now.usual);
    assert.equal(week.find(({ at }) => Date.parse(at) === hour * 3_600_000)?.seen, 15);

    const tenants = (await admin.client.listTenants({ query: {} })).items;
    const give = (name: string) =>
      admin.client.updateVm({ params, body: { tenantId: tenants.find((one) => one.name === name)!.id } });
    await give('globex');
    const others = await read(stranger);
    assert.deepEqual([others.seenAt, sentOf(others).now.usual], [null, null]);
    await give('acme');
    assert.equal(sentOf(await read()).now.usual, now.usual);
  });

  it('tells data in names that gateways saw, with the names', async () => {
    const name = (n: number): NameRecord => ({
      ...{ net, protocol: 17, srcIp: addressOf(OTHER), dstIp: '10.0.0.53', srcPort: 5000, dstPort: 53 },
      ...{ gateway: { num: 1, id: null }, kind: 'dns', details: {}, atMs: Date.now() + n },
      name: `${n.toString(16).padStart(4, '0')}${'0123456789abcdef'.repeat(3)}.t.evil.example`,
    });
    const names = Array.from({ length: 120 }, (_, n) => name(n));
    await send([], engine, names);
    const alert = await one('dns-tunnel');
    assert.deepEqual([alert.vmId, alert.seen['domain']], [observedVm(OTHER).id, 'evil.example']);
    assert.match(String(alert.seen['last']), /^[0-9a-f]{52}\.t\.evil\.ex/);
  });

  it('makes an exception of what is expected, that counts what it swallows, ends, and can be taken back', async () => {
    const tries = (host: number, atMs: number) =>
      Array.from({ length: 20 }, (_, n) =>
        record(OTHER, SCANNER, n, { dstIp: `10.99.0.${host}`, startMs: atMs, endMs: atMs }),
      );
    const open = async () =>
      (await alertsOf('port-scan', boss)).filter(
        ({ state, peers }) => state !== 'closed' && peers.some(({ ip }) => ip.startsWith('10.99.')),
      );
    const listed = async () => (await boss.client.listAlertExceptions({ query: {} })).items;
    const soon = Date.now() + 100_000;
    await send(tries(1, soon));
    const alert = await until('the scan', async () => (await open())[0] ?? null);
    const params = { id: alert.id };
    const body = { resolution: 'expected', comment: 'Our scanner.', exceptionDays: 7, exceptionFor: 'any' } as const;
    await assert.rejects(boss.client.closeAlert({ params, body: { ...body, resolution: 'false' } }), (error) => {
      assert.ok(error instanceof ApiError);
      const fields = error.body.problems.map(({ field, code }) => [field, code]);
      assert.deepEqual(fields, [
        ['exceptionDays', 'unknown-field'],
        ['exceptionFor', 'unknown-field'],
      ]);
      return true;
    });
    const closed = await boss.client.closeAlert({ params, body });
    const { exception } = closed;
    assert.ok(exception !== null);
    assert.deepEqual(
      [exception.owner, exception.reason, exception.code, exception.extent, exception.swallowed],
      ['boss', 'Our scanner.', 'port-scan', 'any', 0],
    );
    const days = (Date.parse(exception.expiresAt) - Date.now()) / 86_400_000;
    assert.ok(days > 6.9 && days < 7.1, `${days}`);

    await send(tries(2, soon + 30_000));
    await until('it is swallowed', async () => (await listed())[0]!.swallowed > 0);
    assert.deepEqual(await open(), []);
    const records = (await boss.client.listDetectors()).items;
    const scans = records.find(({ code }) => code === 'port-scan')!;
    assert.ok(scans.expected === 1 && scans.exceptions === 1 && scans.swallowed > 0);

    assert.deepEqual((await stranger.client.listAlertExceptions({ query: {} })).items, []);
    const own = { id: exception.id };
    await assert.rejects(stranger.client.deleteAlertException({ params: own }), codeIs('not-found'));
    await boss.client.deleteAlertException({ params: own });
    assert.deepEqual(await listed(), []);
    await send(tries(3, soon + 60_000));
    await until('it is told again', async () => (await open()).length > 0);
    const { items } = await admin.client.listAudit({ query: { limit: 200 } });
    const audited = items.filter(({ subject }) => subject === `alert-exception:${exception.id}`);
    assert.deepEqual(
      audited.map(({ action, actor }) => [action, actor]),
      [
        ['alert-exception.deleted', 'boss'],
        ['alert-exception.created', 'boss'],
      ],
    );
  });

  it('expects the same only of the same others, where nothing else is said', async () => {
    const params = { id: (await one('threat-caller')).id };
    const closed = await stranger.client.closeAlert({ params, body: { resolution: 'expected' } });
    assert.deepEqual([closed.exception?.extent, closed.exception?.peers], ['same', ['2001:db8::bad']]);
    const call = async (srcIp: string, laterMs: number) => {
      const atMs = Date.now() + laterMs;
      await send([record(OTHER, VICTIM, 1, { srcIp, point: 'ingress', startMs: atMs, endMs: atMs })]);
    };
    await call('2001:db8::bad', 20_000);
    const exception = async () => (await stranger.client.getAlert({ params })).exception;
    await until('it is swallowed', async () => (await exception())!.swallowed > 0);
    assert.equal((await alertsOf('threat-caller')).length, 1);
    await call('203.0.113.9', 40_000);
    await until('another caller is told', async () => (await alertsOf('threat-caller')).length === 2);
  });

  it('counts false alarms by detector, for those who may see them', async () => {
    const { id } = await one('spoofing');
    await admin.client.closeAlert({ params: { id }, body: { resolution: 'false' } });
    const falseOf = async ({ client }: TestPerson) =>
      (await client.listDetectors()).items.find(({ code }) => code === 'spoofing')!.false;
    assert.deepEqual([await falseOf(admin), await falseOf(boss), await falseOf(stranger)], [1, 1, 0]);
    assert.equal((await admin.client.getAlert({ params: { id } })).exception, null);
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
      const query = { vmId: observedVm(VICTIM).id, code: 'host-sweep' as const };
      await until('the alert', async () => (await person.client.listAlerts({ query })).items.at(0));
      next.close();
    } finally {
      await again.stop();
    }
  });
});
