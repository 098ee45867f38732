import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiError, momentText } from '@hypervigil/contract';
import type { Detection } from '@hypervigil/detect';
import { type AlertPeer, ANYONE, type Id, RULE_DEFAULTS } from '@hypervigil/model';
import { sql } from 'kysely';
import { raise } from '../src/detect/raise.ts';
import { undoDue } from '../src/responses/undo.ts';
import { type Database, openDatabase } from '../src/state/database.ts';
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

const [SCANNER, OTHER, FOREIGN] = [1, 2, 3] as const;
const BAD: AlertPeer = { ip: '203.0.113.7', vmId: null, tenantId: null };

describe('responses to alerts', () => {
  let cloud: TestCloud;
  let db: Database;
  let admin: TestPerson;
  let security: TestPerson;
  let boss: TestPerson;
  let stranger: TestPerson;
  let engine: TestEngine;
  let acme: Id;
  let globex: Id;
  let setId: Id;
  let made = 0;

  before(async () => {
    cloud = await startTestCloud('responses');
    admin = cloud.person;
    db = openDatabase({ connectionString: cloud.databaseUrl }, () => undefined);
    engine = await connectEngine(cloud.platform, await enrol(cloud.platform, admin, 'h1'), { obedient: true });
    engine.send(inventory(claimed(SCANNER, 'acme'), claimed(OTHER, 'acme'), claimed(FOREIGN, 'globex')));
    await until('three VMs', async () => (await admin.client.listVms({ query: {} })).total === 3);
    const tenants = (await admin.client.listTenants({ query: {} })).items;
    acme = tenants.find(({ name }) => name === 'acme')!.id;
    globex = tenants.find(({ name }) => name === 'globex')!.id;
    boss = await joinAs(cloud.platform, admin, { name: 'boss', duty: 'tenant-admin', tenantId: acme });
    stranger = await joinAs(cloud.platform, admin, { name: 'stranger', duty: 'tenant-admin', tenantId: globex });
    security = await joinAs(cloud.platform, admin, { name: 'guard', duty: 'security' });
    const set = { name: 'blocked', description: '', entries: ['198.51.100.1'], excluded: ['203.0.113.53'] };
    setId = (await security.client.createAddressSet({ body: set })).id;
  });
  after(async () => {
    engine?.close();
    await db?.destroy();
    await cloud?.stop();
  });

  /** An alert of its own about a VM. */
  async function alertAbout(vm: number, peers: AlertPeer[] = [BAD]): Promise<{ id: Id }> {
    const about = `${++made}`;
    const detection: Detection = {
      ...{ code: 'port-scan', about, side: 'source', peers, flowKeys: ['a'], expected: {}, seen: { n: made } },
      ...{ severity: 'high', reason: 'none-answered', startMs: Date.now() - 1000, endMs: Date.now() },
    };
    await raise(db, [{ ...detection, vmId: observedVm(vm).id }]);
    const row = await db.selectFrom('alerts').select('id').where('about', '=', about).executeTakeFirstOrThrow();
    return { id: row.id };
  }
  const vmOf = (n: number) => admin.client.getVm({ params: { id: observedVm(n).id } });
  const entries = async () => (await security.client.listAddressSetEntries({ params: { id: setId }, query: {} })).items;
  const auditOf = async (id: Id) =>
    (await admin.client.listAudit({ query: { limit: 200 } })).items
      .filter(({ subject, outcome }) => subject === `alert:${id}` && outcome === 'done')
      .map(({ action, actor }) => [action, actor])
      .toReversed();
  const pastDue = (id: Id) =>
    sql`update alert_responses set until = now() - interval '1 second' where id = ${id}::uuid`.execute(db);
  const quarantine = { action: 'quarantine', reason: 'It scans.' } as const;
  const block = (ip = BAD.ip) => ({ action: 'block-peer', reason: 'It attacks.', ip, addressSetId: setId }) as const;

  it('quarantines the VM of an alert once, and gives it back when somebody undoes it', async () => {
    const params = await alertAbout(SCANNER);
    const done = await security.client.respondToAlert({ params, body: quarantine });
    assert.deepEqual(
      [done.action, done.state, done.doneBy, done.reason, done.until, done.vmId, done.tenantId],
      ['quarantine', 'active', 'guard', 'It scans.', null, observedVm(SCANNER).id, acme],
    );
    assert.deepEqual((await vmOf(SCANNER)).quarantine?.reason, 'It scans.');
    await until('hosts are told', () => JSON.stringify(engine.intent()).includes('"quarantined":true'));
    assert.equal((await security.client.respondToAlert({ params, body: quarantine })).id, done.id);
    const another = await alertAbout(SCANNER);
    await assert.rejects(
      security.client.respondToAlert({ params: another, body: quarantine }),
      codeIs('quarantined-already'),
    );

    const undone = await security.client.undoResponse({ params: { id: done.id }, body: { reason: 'Cleaned.' } });
    assert.deepEqual([undone.state, undone.endedBy, undone.endReason], ['undone', 'guard', 'Cleaned.']);
    assert.equal((await vmOf(SCANNER)).quarantine, null);
    const again = security.client.undoResponse({ params: { id: done.id }, body: { reason: 'Again.' } });
    await assert.rejects(again, codeIs('response-over'));
    assert.deepEqual(await auditOf(params.id), [
      ['alert.raised', 'platform'],
      ['alert.respond', 'guard'],
      ['alert.response-undone', 'guard'],
    ]);
    const { incidentId } = await boss.client.getAlert({ params });
    const { timeline } = await boss.client.getIncident({ params: { id: incidentId! } });
    assert.deepEqual(
      timeline.flatMap((one) =>
        one.kind === 'response' && one.alertIds.includes(params.id) ? [momentText('en', one)] : [],
      ),
      ['guard responded: quarantine of the VM. It scans.', 'guard ended: quarantine of the VM. Cleaned.'],
    );
  });

  it('knows when somebody else has released the VM, and then takes nothing back', async () => {
    const params = await alertAbout(SCANNER);
    const { id } = await security.client.respondToAlert({ params, body: quarantine });
    const vm = { id: observedVm(SCANNER).id };
    await security.client.releaseVm({ params: vm, body: { reason: 'I looked.' } });
    const over = await security.client.getResponse({ params: { id } });
    assert.deepEqual([over.state, over.endedBy, over.endReason], ['overtaken', 'guard', 'I looked.']);
    await security.client.quarantineVm({ params: vm, body: { reason: 'By hand.' } });
    await assert.rejects(
      security.client.undoResponse({ params: { id }, body: { reason: 'No.' } }),
      codeIs('response-over'),
    );
    assert.equal((await vmOf(SCANNER)).quarantine?.reason, 'By hand.');
    await security.client.releaseVm({ params: vm, body: { reason: 'Over.' } });
  });

  it('blocks a peer only where a rule in force denies the set', async () => {
    const params = await alertAbout(SCANNER, [BAD, { ...BAD, ip: '203.0.113.53' }, { ...BAD, ip: '198.51.100.1' }]);
    const respond = (body: Parameters<TestPerson['client']['respondToAlert']>[0]['body']) =>
      security.client.respondToAlert({ params, body });
    const fields =
      (...expected: string[][]) =>
      (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual(
          error.body.problems.map(({ field, code }) => [field, code]),
          expected,
        );
        return true;
      };
    await assert.rejects(respond(block()), codeIs('set-not-denied'));
    await publishDeny(['203.0.113.0/24'], false);
    await assert.rejects(respond(block()), codeIs('set-not-denied'));
    await publishDeny([], true);

    await assert.rejects(respond({ ...block(), ip: '192.0.2.1' }), fields(['ip', 'not-a-peer']));
    await assert.rejects(respond({ ...quarantine, ip: BAD.ip }), fields(['ip', 'unknown-field']));
    const { ip: _, ...withoutIp } = block();
    await assert.rejects(respond(withoutIp), fields(['ip', 'missing']));
    const foreign = await security.client.createAddressSet({
      body: { name: 'theirs', description: '', tenantId: globex },
    });
    await assert.rejects(
      respond({ ...block(), addressSetId: foreign.id }),
      fields(['addressSetId', 'foreign-address-set']),
    );
    await assert.rejects(respond(block('198.51.100.1')), codeIs('blocked-already'));
    await assert.rejects(respond(block('203.0.113.53')), codeIs('never-blocked'));
    assert.deepEqual(await entries(), ['198.51.100.1']);

    const before = await security.client.getAddressSet({ params: { id: setId } });
    const done = await respond({ ...block(), minutes: 60 });
    assert.deepEqual([done.ip, done.setName, done.state], [BAD.ip, 'blocked', 'active']);
    const minutes = (Date.parse(done.until!) - Date.parse(done.doneAt)) / 60_000;
    assert.ok(minutes > 59 && minutes < 61, `${minutes}`);
    assert.deepEqual(await entries(), ['198.51.100.1', BAD.ip]);
    const set = await security.client.getAddressSet({ params: { id: setId } });
    assert.deepEqual([set.entries, set.revision], [2, before.revision + 1]);
    await until('hosts are told', () => JSON.stringify(engine.intent()).includes(BAD.ip));
    await security.client.undoResponse({ params: { id: done.id }, body: { reason: 'A customer.' } });
    assert.deepEqual(await entries(), ['198.51.100.1']);
  });

  it('is the provider’s to do, the tenant’s to see, and nobody else’s to know of', async () => {
    const params = await alertAbout(SCANNER);
    await assert.rejects(boss.client.respondToAlert({ params, body: quarantine }), codeIs('not-permitted'));
    await assert.rejects(stranger.client.respondToAlert({ params, body: quarantine }), codeIs('not-permitted'));
    const { id } = await security.client.respondToAlert({ params, body: quarantine });
    const { incidentId } = await boss.client.getAlert({ params });
    const seen = await boss.client.listResponses({ query: { incident: incidentId! } });
    assert.ok(seen.items.some((one) => one.id === id));
    assert.deepEqual((await boss.client.listResponses({ query: { alert: params.id } })).total, 1);
    assert.deepEqual((await stranger.client.listResponses({ query: {} })).items, []);
    await assert.rejects(stranger.client.getResponse({ params: { id } }), codeIs('not-found'));
    const undo = { params: { id }, body: { reason: 'Mine.' } };
    await assert.rejects(boss.client.undoResponse(undo), codeIs('not-permitted'));
    await security.client.undoResponse(undo);
    await security.client.closeAlert({ params, body: { resolution: 'true' } });
    await assert.rejects(security.client.respondToAlert({ params, body: quarantine }), codeIs('alert-not-in-state'));
  });

  it('asks the tenant, who alone is told and answers, once; the provider is told the answer', async () => {
    const params = await alertAbout(SCANNER);
    const body = { action: 'ask-tenant', reason: 'Is this your backup?' } as const;
    const route = {
      target: { kind: 'webhook', format: 'json', ca: null },
      secrets: { url: 'https://127.0.0.1:9/', key: 'a signing key of ours' },
    } as const;
    for (const [person, tenantId] of [[admin, null] as const, [boss, acme] as const, [stranger, globex] as const])
      await person.client.createNotificationRoute({ body: { name: 'told', tenantId, ...route } });
    await assert.rejects(boss.client.respondToAlert({ params, body }), codeIs('not-permitted'));
    const { id, state } = await security.client.respondToAlert({ params, body });
    assert.equal(state, 'active');
    assert.equal((await security.client.respondToAlert({ params, body })).id, id);
    const asked = await boss.client.listResponses({ query: { alert: params.id, state: 'active' } });
    assert.deepEqual(
      asked.items.map(({ action, reason, answer }) => [action, reason, answer]),
      [['ask-tenant', 'Is this your backup?', null]],
    );

    const answer = { params: { id }, body: { answer: 'not-ours', text: 'We have none on Mondays.' } } as const;
    await assert.rejects(security.client.answerResponse(answer), codeIs('only-tenant-answers'));
    await assert.rejects(stranger.client.answerResponse(answer), codeIs('not-found'));
    const answered = await boss.client.answerResponse(answer);
    assert.deepEqual(
      [answered.state, answered.answer, answered.endedBy, answered.endReason],
      ['answered', 'not-ours', 'boss', 'We have none on Mondays.'],
    );
    await assert.rejects(boss.client.answerResponse(answer), codeIs('not-a-question'));
    const late = { params: { id }, body: { reason: 'Late.' } };
    await assert.rejects(security.client.undoResponse(late), codeIs('response-over'));

    const { rows } = await sql<{ name: string | null; event: string; question: object }>`
      select t.name, o.event, o.content->'question' as question from notification_outbox o
      join notification_routes r on r.id = o.route_id left join tenants t on t.id = r.tenant_id
      where o.alert_id = ${params.id}::uuid and o.event in ('asked', 'answered') order by o.created_at`.execute(db);
    const question = { text: 'Is this your backup?' };
    assert.deepEqual(rows, [
      { name: 'acme', event: 'asked', question },
      { name: null, event: 'answered', question: { ...question, answer: 'not-ours', said: answer.body.text } },
    ]);
    const { incidentId } = await boss.client.getAlert({ params });
    const { timeline } = await boss.client.getIncident({ params: { id: incidentId! } });
    assert.deepEqual(
      timeline.flatMap((one) =>
        one.kind === 'response' && one.alertIds.includes(params.id) ? [momentText('en', one)] : [],
      ),
      [
        'guard responded: question to the tenant. Is this your backup?',
        'boss answered for the tenant: We do not do this. We have none on Mondays.',
      ],
    );
  });

  it('withdraws a question, and asks nobody about a VM that is nobody’s', async () => {
    const params = await alertAbout(OTHER);
    const body = { action: 'ask-tenant', reason: 'Who is it?', minutes: 5 } as const;
    const { id } = await security.client.respondToAlert({ params, body });
    await security.client.undoResponse({ params: { id }, body: { reason: 'We know.' } });
    const answer = { params: { id }, body: { answer: 'ours', text: 'Us.' } } as const;
    await assert.rejects(boss.client.answerResponse(answer), codeIs('not-a-question'));
    await sql`update alerts set tenant_id = null where id = ${params.id}::uuid`.execute(db);
    await assert.rejects(security.client.respondToAlert({ params, body }), codeIs('no-tenant-to-ask'));
  });

  it('undoes by itself what its time is over for, once, though the platform was away and several look after it', async () => {
    const params = await alertAbout(OTHER);
    const cut = await security.client.respondToAlert({ params, body: { ...quarantine, minutes: 5 } });
    const blocked = await security.client.respondToAlert({ params, body: { ...block(), minutes: 5 } });
    const open = await security.client.respondToAlert({ params: await alertAbout(SCANNER), body: quarantine });
    // Taken out by hand meanwhile.
    const { name, description, tenantId, revision } = await security.client.getAddressSet({ params: { id: setId } });
    const body = { name, description, tenantId, revision, entries: ['198.51.100.1'] };
    await security.client.updateAddressSet({ params: { id: setId }, body });
    await cloud.platform.stop();
    await pastDue(cut.id);
    await pastDue(blocked.id);
    await Promise.all([undoDue(db), undoDue(db)]);
    const platform = await startTestPlatform(cloud.scratch, 'responses', { databaseUrl: cloud.databaseUrl });
    cloud = {
      ...cloud,
      stop: () => platform.stop().then(() => cloud.scratch.remove()),
    };
    const { client } = personWith(platform, await signIn(platform, 'guard', PASSWORD));
    const stateOf = async ({ id }: { readonly id: Id }) => {
      const { state, endedBy, endReason } = await client.getResponse({ params: { id } });
      return [state, endedBy, endReason];
    };
    assert.deepEqual(await stateOf(cut), ['undone', 'platform', null]);
    assert.deepEqual(await stateOf(blocked), ['overtaken', 'platform', null]);
    assert.deepEqual(await stateOf(open), ['active', null, null]);
    assert.equal((await client.getVm({ params: { id: observedVm(OTHER).id } })).quarantine, null);
    assert.notEqual((await client.getVm({ params: { id: observedVm(SCANNER).id } })).quarantine, null);
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit
      where action = 'alert.response-undone' and subject = ${`alert:${params.id}`}`.execute(db);
    assert.equal(rows[0]!.count, 2);
    await pastDue(open.id);
    await until('its own chore', async () => (await stateOf(open))[0] === 'undone');
  });

  /** Publishes that what goes to the set, or to these blocks, is denied in the emergency tier. */
  async function publishDeny(cidrs: string[], isOfSet: boolean): Promise<void> {
    const to = { ...ANYONE, cidrs, addressSetIds: isOfSet ? [setId] : [] };
    const rule = {
      ...RULE_DEFAULTS,
      name: 'blocked',
      enabled: true,
      action: 'deny' as const,
      from: ANYONE,
      to,
      services: [],
    };
    const tier = { tier: 'emergency' as const, tenantId: null, order: ++made, enabled: true };
    await security.client.createPolicy({ body: { name: `deny ${made}`, description: '', ...tier, rules: [rule] } });
    const { draftRevision } = await security.client.getPolicyStatus();
    await security.client.publishPolicy({ body: { draftRevision, comment: 'because' } });
  }
});
