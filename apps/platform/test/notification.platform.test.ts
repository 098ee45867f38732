import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Detection } from '@hypervigil/detect';
import type { AlertCode, NotificationSecrets, NotificationTarget } from '@hypervigil/model';
import { parseBlock } from '@hypervigil/policy';
import pino from 'pino';
import { openVault } from '../src/ca/key-file.ts';
import { raise } from '../src/detect/raise.ts';
import { createCourier } from '../src/notification/courier.ts';
import { type Database, openDatabase } from '../src/state/database.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  joinAs,
  observedVm,
  query,
  startTestCloud,
  startTestPlatform,
  type TestCloud,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';
import { claimed, inventory } from './two-hosts.ts';

const KEY = 'a signing key of ours';
const LOOPBACK = [parseBlock('127.0.0.0/8')!];
const [SHOP, FOREIGN] = [1, 2];

/** The hooks of a receiver's path, in the order in which they came. */
const eventsAt = (receiver: Receiver, path: string) => receiver.received.filter((one) => one.path === path);
const parse = ({ body }: Received) =>
  JSON.parse(body) as { id: string; event: string; count?: number; alert?: { vmId: string } };

describe('notification', () => {
  let cloud: TestCloud;
  let admin: TestPerson;
  let boss: TestPerson;
  let member: TestPerson;
  let receiver: Receiver;
  let db: Database;
  let acme: string;
  let made = 0;

  before(async () => {
    receiver = await startReceiver();
    cloud = await startTestCloud('notification', {
      notificationNetworks: LOOPBACK,
      tenantNotificationNetworks: LOOPBACK,
    });
    admin = cloud.person;
    const engine = await connectEngine(cloud.platform, await enrol(cloud.platform, admin, 'h1'), { obedient: true });
    engine.send(inventory(claimed(SHOP, 'acme', { app: 'shop' }), claimed(FOREIGN, 'globex')));
    await until('two VMs', async () => (await admin.client.listVms({ query: {} })).total === 2);
    acme = (await admin.client.listTenants({ query: {} })).items.find(({ name }) => name === 'acme')!.id;
    boss = await joinAs(cloud.platform, admin, { name: 'boss', duty: 'tenant-admin', tenantId: acme });
    member = await joinAs(cloud.platform, admin, { name: 'member', duty: 'tenant-member', tenantId: acme });
    db = openDatabase({ connectionString: cloud.databaseUrl }, () => undefined);
  });
  after(async () => {
    await db?.destroy();
    await cloud?.stop();
    await receiver?.close();
  });
  afterEach(async () => {
    receiver.answer = () => [200, 'ok'];
    for (const { id } of (await admin.client.listNotificationRoutes({ query: {} })).items)
      await admin.client.deleteNotificationRoute({ params: { id } });
    await query(cloud.databaseUrl, 'delete from alerts');
  });

  const hook = (path: string): { target: NotificationTarget; secrets: NotificationSecrets } => ({
    target: { kind: 'webhook', format: 'json', ca: null },
    secrets: { url: `${receiver.url}${path}`, key: KEY },
  });
  const route = (path: string, change: object = {}, person = admin) =>
    person.client.createNotificationRoute({ body: { name: `r${++made}`, ...hook(path), ...change } });
  const get = (id: string) => admin.client.getNotificationRoute({ params: { id } });
  const detection = (vm: number, change: Partial<Detection> = {}) => ({
    ...{ vmId: observedVm(vm).id, code: 'port-scan' as AlertCode, about: `${++made}`, severity: 'high' as const },
    ...{ reason: 'other-tenants' as const, side: 'source' as const, expected: { percent: 20 } },
    seen: { failed: 42, answered: 0, hosts: 1, services: 12, seconds: 9 },
    peers: [{ ip: '10.0.0.9', vmId: observedVm(FOREIGN).id, tenantId: null }],
    ...{ flowKeys: ['a'], startMs: Date.now() - 1000, endMs: Date.now() },
    ...change,
  });
  const tell = (...some: Parameters<typeof detection>[]) =>
    raise(
      db,
      some.map((one) => detection(...one)),
    );

  it('tells an alert by a signed webhook, once, and what became of it', async () => {
    const { id } = await route('/signed');
    await tell([SHOP]);
    const [first] = await until('the hook', () =>
      eventsAt(receiver, '/signed').length > 0 ? eventsAt(receiver, '/signed') : null,
    );
    const { headers, body } = first!;
    const [, seconds = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['hypervigil-signature'])) ?? [];
    assert.equal(v1, createHmac('sha256', KEY).update(`${seconds}.${body}`).digest('hex'));
    assert.ok(Math.abs(Number(seconds) - Date.now() / 1000) < 300);
    assert.equal(headers['hypervigil-event'], 'alert.raised');
    assert.equal(headers['idempotency-key'], parse(first!).id);
    assert.equal(parse(first!).alert?.vmId, observedVm(SHOP).id);
    const delivery = await until('sent', async () => {
      const { items } = await admin.client.listNotificationDeliveries({ query: { routeId: id, state: 'sent' } });
      return items[0];
    });
    assert.deepEqual([delivery.answer, delivery.attempts, delivery.id], ['HTTP 200 ok', 1, parse(first!).id]);
    assert.ok((await get(id)).state.lastSentAt !== null);
  });

  it('tells that an alert became worse, and that it was closed, as the route wants', async () => {
    await route('/all', { match: { events: ['raised', 'worsened', 'closed'], leastSeverity: 'low' } });
    await route('/worse', { match: { events: ['worsened'] } });
    const about = `${++made}`;
    for (const severity of ['medium', 'medium', 'high', 'low'] as const) await tell([SHOP, { about, severity }]);
    const alert = (await admin.client.listAlerts({ query: {} })).items[0]!;
    await admin.client.closeAlert({ params: { id: alert.id }, body: { resolution: 'true' } });
    await until('three', () => eventsAt(receiver, '/all').length === 3);
    assert.deepEqual(
      new Set(eventsAt(receiver, '/all').map((one) => parse(one).event)),
      new Set(['alert.raised', 'alert.worsened', 'alert.closed']),
    );
    assert.deepEqual(
      eventsAt(receiver, '/worse').map((one) => parse(one).event),
      ['alert.worsened'],
    );
  });

  it("tells a tenant its own alerts alone, and nothing of anybody else's", async () => {
    await route('/acme', { tenantId: acme }, boss);
    await route('/everything');
    await route('/shops', { match: { selector: 'app=shop' } });
    await tell([FOREIGN], [SHOP]);
    await until('both', () => eventsAt(receiver, '/everything').length === 2);
    const own = await until('its own', () =>
      eventsAt(receiver, '/acme').length === 1 ? eventsAt(receiver, '/acme') : null,
    );
    assert.equal(parse(own[0]!).alert?.vmId, observedVm(SHOP).id);
    for (const secret of ['globex', observedVm(FOREIGN).id]) assert.ok(!own[0]!.body.includes(secret), secret);
    await until('by tag', () => eventsAt(receiver, '/shops').length === 1);
    assert.equal(parse(eventsAt(receiver, '/shops')[0]!).alert?.vmId, observedVm(SHOP).id);
    const { items } = await boss.client.listNotificationDeliveries({ query: {} });
    assert.deepEqual(new Set(items.map(({ vmName }) => vmName)).size, 1);
  });

  it('is its owner’s: others do not know of it, and members see none', async () => {
    const { id } = await route('/provider');
    const params = { id };
    await assert.rejects(boss.client.getNotificationRoute({ params }), codeIs('not-found'));
    await assert.rejects(boss.client.testNotificationRoute({ params }), codeIs('not-found'));
    assert.equal((await boss.client.listNotificationRoutes({ query: {} })).total, 0);
    await assert.rejects(route('/x', { tenantId: null }, boss), codeIs('not-permitted'));
    await assert.rejects(member.client.listNotificationRoutes({ query: {} }), codeIs('not-permitted'));
    // A name is its owner's: that the provider has one is not told.
    await route('/y', { name: 'soc' });
    await route('/z', { name: 'soc', tenantId: acme }, boss);
    await assert.rejects(route('/z', { name: 'soc', tenantId: acme }, boss), codeIs('name-taken'));
  });

  it('gives its secrets to nobody: not to whoever asks, not to the audit, not to a copy of the database', async () => {
    const target = {
      ...{ kind: 'email' as const, host: '127.0.0.1', from: 'hv@example.com', to: ['soc@example.com'], username: 'hv' },
    };
    const made = await admin.client.createNotificationRoute({
      body: { name: 'mail', target, secrets: { password: 'correct-horse-9' } },
    });
    await route('/token-4711');
    const answers = [
      await admin.client.listNotificationRoutes({ query: {} }),
      await admin.client.listAudit({ query: {} }),
      (await query(cloud.databaseUrl, 'select * from notification_routes')).rows,
      (await query(cloud.databaseUrl, "select encode(secrets, 'escape') from notification_routes")).rows,
    ];
    for (const text of answers.map((one) => JSON.stringify(one)))
      for (const secret of ['correct-horse-9', 'token-4711', KEY]) assert.ok(!text.includes(secret), secret);
    assert.deepEqual(made.secretsSet, ['password']);

    // Whoever may change a route is not given its password by sending it elsewhere.
    const params = { id: made.id };
    const { name, match, language, revision } = made;
    const elsewhere = { name, match, language, revision, target: { ...target, host: 'evil.example' } };
    await assert.rejects(
      admin.client.updateNotificationRoute({ params, body: elsewhere }),
      (error: { body?: { problems: { field: string; code: string }[] } }) =>
        error.body?.problems.some(({ field, code }) => field === 'secrets.password' && code === 'secret-again') ===
        true,
    );
    const kept = await admin.client.updateNotificationRoute({
      params,
      body: { ...elsewhere, target: { ...target, to: ['b@example.com'] } },
    });
    assert.deepEqual(kept.secretsSet, ['password']);

    // Sealed for one route, they are not another's.
    await query(
      cloud.databaseUrl,
      `update notification_routes set secrets =
      (select secrets from notification_routes where name = 'mail') where name <> 'mail'`,
    );
    const other = (await admin.client.listNotificationRoutes({ query: {} })).items.find((one) => one.name !== 'mail')!;
    const tested = await admin.client.testNotificationRoute({ params: { id: other.id } });
    assert.equal(tested.problem?.code, 'unreadable-secrets');
  });

  it('refuses secrets that are missing or have no use, and says which', async () => {
    const problemsOf = async (body: object) => {
      const response = await admin.fetch('/api/v1/notifications', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'x', ...body }),
      });
      const { problems } = (await response.json()) as { problems: { field: string; code: string }[] };
      return problems.map(({ field, code }) => `${field} ${code}`);
    };
    assert.deepEqual(await problemsOf({ target: { kind: 'webhook' } }), ['secrets.url missing', 'secrets.key missing']);
    assert.deepEqual(
      await problemsOf({ target: { kind: 'slack' }, secrets: { url: 'https://a.example', key: '12345678' } }),
      ['secrets.key secret-without-use'],
    );
    const mail = { kind: 'email', host: 'a b', from: 'x@y>\r\nRCPT', to: ['x'] };
    assert.deepEqual(await problemsOf({ target: mail }), [
      ...['target.host wrong-format', 'target.from wrong-format', 'target.to.0 wrong-format'],
    ]);
    assert.deepEqual(await problemsOf({ target: { kind: 'slack' }, match: { selector: 'app=' } }), [
      'match.selector selector-syntax',
    ]);
  });

  it('a test says exactly what the other side said, and goes nowhere that is not allowed', async () => {
    const { id } = await route('/test');
    const params = { id };
    receiver.answer = () => [403, 'no such hook'];
    const failed = await admin.client.testNotificationRoute({ params });
    assert.deepEqual(
      [failed.ok, failed.problem, failed.answer],
      [false, { code: 'bad-status', params: { status: 403, answer: 'no such hook' } }, 'HTTP 403 no such hook'],
    );
    await assert.rejects(admin.client.testNotificationRoute({ params }), codeIs('too-many-requests'));
    receiver.answer = () => [200, 'welcome'];
    await query(cloud.databaseUrl, 'update notification_routes set tested_at = null');
    const passed = await admin.client.testNotificationRoute({ params });
    assert.deepEqual([passed.ok, passed.answer], [true, 'HTTP 200 welcome']);

    const { port } = new URL(receiver.url);
    const before = receiver.received.length;
    for (const url of [`http://[::1]:${port}/`, 'http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/']) {
      const { id } = await route('/', { secrets: { url, key: KEY } });
      const { problem } = await admin.client.testNotificationRoute({ params: { id } });
      assert.equal(problem?.code, 'forbidden-address', url);
    }
    const mail = { kind: 'email' as const, host: '10.0.0.1', from: 'a@b.example', to: ['a@b.example'] };
    for (const target of [{ kind: 'syslog' as const, host: '10.0.0.1' }, mail]) {
      const { id } = await admin.client.createNotificationRoute({ body: { name: `r${++made}`, target } });
      const { problem } = await admin.client.testNotificationRoute({ params: { id } });
      assert.deepEqual(problem, { code: 'forbidden-address', params: { host: '10.0.0.1', address: '10.0.0.1' } });
    }
    assert.equal(receiver.received.length, before);
  });

  it('speaks as each chat wants it, and believes their answers, not their status', async () => {
    for (const [kind, answer] of [
      ['dingtalk', '{"errcode":310000,"errmsg":"sign not match"}'],
      ['feishu', '{"code":19021,"msg":"sign match fail"}'],
    ] as const) {
      const { id } = await route('/', {
        target: { kind },
        language: 'zh-CN',
        secrets: { url: `${receiver.url}/${kind}?t=1`, key: KEY },
      });
      receiver.answer = () => [200, answer];
      const { ok, problem } = await admin.client.testNotificationRoute({ params: { id } });
      assert.deepEqual([ok, problem], [false, { code: 'refused', params: { answer } }]);
      assert.ok(receiver.received.at(-1)!.body.includes('测试消息'));
    }
  });

  it('tries again what did not arrive, says why, and shows the destination where people look first', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const { id, name } = await route('/', { secrets: { url: `http://127.0.0.1:${port}/late`, key: KEY } });
    await tell([SHOP]);
    const failing = await until('three failures', async () => {
      const found = await get(id);
      return found.state.failures >= 3 ? found : null;
    });
    assert.deepEqual(failing.state.problem, {
      code: 'unreachable',
      params: { host: '127.0.0.1', reason: 'ECONNREFUSED' },
    });
    assert.equal(failing.state.waiting, 1);
    const { advice } = await admin.client.getOverview();
    assert.deepEqual(
      advice.filter(({ code }) => code === 'notification-failing').map(({ params }) => params),
      [{ route: name, count: 0 }],
    );
    const audited = (await admin.client.listAudit({ query: { q: 'notification.failing' } })).items;
    assert.equal(audited.filter(({ subject }) => subject === `notification:${id}`).length, 1);

    const late = await startReceiver(port);
    try {
      await until('it arrives', () => late.received.length > 0);
      await until('all is well', async () => (await get(id)).state.failingSince === null);
      assert.equal(
        (await admin.client.getOverview()).advice.some(({ code }) => code === 'notification-failing'),
        false,
      );
    } finally {
      await late.close();
    }
  });

  it('a message that is refused keeps no other from arriving', async () => {
    const { id } = await route('/picky');
    const bad = observedVm(FOREIGN).id;
    receiver.answer = (one) => (parse(one).alert?.vmId === bad ? [400, 'not this one'] : [200, 'ok']);
    await tell([FOREIGN]);
    await until('it was refused', async () => (await get(id)).state.failures > 0);
    await tell([SHOP], [SHOP]);
    await until('the others', async () => {
      const { items } = await admin.client.listNotificationDeliveries({ query: { routeId: id, state: 'sent' } });
      return items.length === 2;
    });
    assert.equal((await get(id)).state.waiting, 1);
  });

  it('sends no more an hour than it may, and counts the rest in one message', async () => {
    const { id } = await route('/few', { perHour: 2 });
    await tell([SHOP], [SHOP, { code: 'flood', severity: 'critical' }], [SHOP], [FOREIGN], [SHOP]);
    await until('held back', async () => (await get(id)).state.held === 3);
    assert.equal(eventsAt(receiver, '/few').length, 2);
    const vault = await openVault(`${cloud.scratch.dir}/notification`);
    const courier = createCourier({
      ...{ db, vault, logger: pino({ level: 'silent' }), metrics: { notified: () => undefined }, digestMs: 0 },
      ...{ allowed: { provider: LOOPBACK, tenants: LOOPBACK }, publicUrl: () => 'https://hv.example' },
    });
    try {
      await until('the digest', async () => {
        await courier.turn();
        return eventsAt(receiver, '/few').length === 3;
      });
      const digest = parse(eventsAt(receiver, '/few')[2]!);
      assert.deepEqual([digest.event, digest.count], ['digest', 3]);
      await until('all are counted', async () => (await get(id)).state.held === 0);
    } finally {
      await courier.stop();
    }
  });

  it('two processes send each message once', async () => {
    const second = await startTestPlatform(cloud.scratch, 'notification-2', {
      databaseUrl: cloud.databaseUrl,
      notificationNetworks: LOOPBACK,
      stateDir: `${cloud.scratch.dir}/notification`,
    });
    try {
      for (const path of ['/p1', '/p2', '/p3']) await route(path);
      for (let i = 0; i < 10; i++) await tell([SHOP], [FOREIGN]);
      const all = () => receiver.received.filter(({ path }) => /^\/p[123]$/.test(path));
      await until('all arrive', async () => {
        const { total } = await admin.client.listNotificationDeliveries({ query: { state: 'waiting' } });
        return total === 0 && all().length >= 60;
      });
      const ids = all().map((one) => parse(one).id);
      assert.deepEqual([ids.length, new Set(ids).size], [60, 60]);
    } finally {
      await second.stop();
    }
  });

  it('forgets what waits for a route that is switched off', async () => {
    receiver.answer = () => [503, 'later'];
    const made = await route('/off');
    await tell([SHOP]);
    await until('it failed', async () => (await get(made.id)).state.failures > 0);
    const { name, target, match, revision } = await get(made.id);
    const body = { name, target, match, revision, enabled: false };
    const off = await admin.client.updateNotificationRoute({ params: { id: made.id }, body });
    assert.deepEqual([off.enabled, off.state.waiting, off.secretsSet.length], [false, 0, 2]);
    await tell([SHOP]);
    assert.equal((await get(made.id)).state.waiting, 0);
  });
});
