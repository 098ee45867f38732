import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Detection } from '@hypervigil/detect';
import { AlertMatch, type Id, type PlaybookOutcome } from '@hypervigil/model';
import { sql } from 'kysely';
import { raise } from '../src/detect/raise.ts';
import { playbookTurn } from '../src/playbooks/turn.ts';
import { lapseDue } from '../src/responses/decide.ts';
import { undoDue } from '../src/responses/undo.ts';
import { type Database, openDatabase } from '../src/state/database.ts';
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

describe('playbooks', () => {
  let cloud: TestCloud;
  let db: Database;
  let engine: TestEngine;
  let guard: TestPerson;
  let second: TestPerson;
  let boss: TestPerson;
  let made = 0;

  before(async () => {
    cloud = await startTestCloud('playbooks');
    const admin = cloud.person;
    db = openDatabase({ connectionString: cloud.databaseUrl }, () => undefined);
    engine = await connectEngine(cloud.platform, await enrol(cloud.platform, admin, 'h1'), { obedient: true });
    engine.send(inventory(...[1, 2, 3, 4].map((n) => claimed(n, 'acme', n === 4 ? { env: 'test' } : {}))));
    await until('four VMs', async () => (await admin.client.listVms({ query: {} })).total === 4);
    guard = await joinAs(cloud.platform, admin, { name: 'guard', duty: 'security' });
    second = await joinAs(cloud.platform, admin, { name: 'second', duty: 'security' });
    const tenantId = (await admin.client.listTenants({ query: {} })).items[0]!.id;
    boss = await joinAs(cloud.platform, admin, { name: 'boss', duty: 'tenant-admin', tenantId });
  });
  after(async () => {
    engine?.close();
    await db?.destroy();
    await cloud?.stop();
  });

  /** Raises an alert of its own about a VM; again with the same `about`, it may become worse. */
  async function alertAbout(vm: number, change: Partial<Detection> = {}): Promise<Id> {
    const about = change.about ?? `${++made}`;
    const detection: Detection = {
      ...{ code: 'port-scan', side: 'source', peers: [], flowKeys: ['a'], expected: {}, seen: { n: made } },
      ...{ severity: 'high', reason: 'none-answered', startMs: Date.now() - 1000, endMs: Date.now() },
      ...{ ...change, about },
    };
    await raise(db, [{ ...detection, vmId: observedVm(vm).id }]);
    return (await db.selectFrom('alerts').select('id').where('about', '=', about).executeTakeFirstOrThrow()).id;
  }
  const isCut = async (n: number) =>
    (await guard.client.getVm({ params: { id: observedVm(n).id } })).quarantine !== null;
  const responsesTo = async (alert: Id) => (await guard.client.listResponses({ query: { alert } })).items;
  const outcomeOf = async (id: Id, alertId: Id): Promise<[PlaybookOutcome, string | null] | null> => {
    const { items } = await guard.client.listPlaybookRuns({ params: { id } });
    const run = items.find((one) => one.alertId === alertId);
    return run === undefined ? null : [run.outcome, run.problem];
  };
  const outcome = (id: Id, alertId: Id) => until('its outcome', () => outcomeOf(id, alertId));
  const release = async (n: number) => {
    if (await isCut(n)) await guard.client.releaseVm({ params: { id: observedVm(n).id }, body: { reason: 'Over.' } });
  };
  const auditOf = async (alertId: Id) =>
    (await cloud.person.client.listAudit({ query: { limit: 500 } })).items
      .filter(({ subject }) => subject === `alert:${alertId}`)
      .map(({ action, actor, outcome: end }) => [action, actor, end])
      .toReversed();
  const match = (change: Partial<AlertMatch>) => AlertMatch.parse({ leastSeverity: 'high', ...change });

  it('does nothing until it is enabled, says what it would have done, and then acts once within its limits', async () => {
    const old = await alertAbout(1);
    const body = {
      name: 'scans',
      action: 'quarantine' as const,
      match: match({ selector: 'not env=test' }),
      perHour: 2,
    };
    const playbook = await guard.client.createPlaybook({ body });
    const { id } = playbook;
    assert.deepEqual([playbook.enabled, playbook.minutes, playbook.perVmHour], [false, 60, 1]);
    const rehearsed = await guard.client.rehearsePlaybook({ params: { id }, query: {} });
    assert.deepEqual(rehearsed.counts, { acted: 1, asked: 0, held: 0 });
    assert.deepEqual(rehearsed.items[0]?.alertId, old);
    assert.equal(await isCut(1), false);

    const { revision, changedAt: _, changedBy, id: __, ...fields } = playbook;
    assert.equal(changedBy, 'guard');
    await guard.client.updatePlaybook({ params: { id }, body: { ...fields, revision, enabled: true } });
    const [mild, tested] = [await alertAbout(2, { severity: 'low' }), await alertAbout(4)];
    const first = await alertAbout(1);
    assert.deepEqual(await outcome(id, first), ['acted', null]);
    assert.equal(await isCut(1), true);
    const [response] = await responsesTo(first);
    assert.deepEqual([response?.doneBy, response?.playbookId, response?.state], ['playbook:scans', id, 'active']);
    await until('hosts are told', () => JSON.stringify(engine.intent()).includes('"quarantined":true'));
    assert.deepEqual(await outcomeOf(id, old), null);
    assert.deepEqual([await outcomeOf(id, mild), await outcomeOf(id, tested)], [null, null]);

    // Of the same VM, one more than may be; of another, one; of a third, one more than may be at all.
    assert.deepEqual(await outcome(id, await alertAbout(1)), ['held', null]);
    const about = 'worse';
    const grown = await alertAbout(2, { about, severity: 'medium' });
    assert.equal(await outcomeOf(id, grown), null);
    await alertAbout(2, { about, severity: 'high' });
    assert.deepEqual(await outcome(id, grown), ['acted', null]);
    await alertAbout(2, { about, severity: 'critical' });
    assert.deepEqual(await outcome(id, await alertAbout(3)), ['held', null]);
    assert.equal((await responsesTo(grown)).length, 1);
    assert.deepEqual([await isCut(2), await isCut(3)], [true, false]);

    // In time it is undone in the playbook's name, although the playbook is deleted.
    await guard.client.deletePlaybook({ params: { id } });
    await sql`update alert_responses set until = now() - interval '1 second' where state = 'active'`.execute(db);
    await Promise.all([undoDue(db), undoDue(db)]);
    await until('all are given back', async () => !(await isCut(1)) && !(await isCut(2)));
    assert.deepEqual((await auditOf(first)).slice(0, 2), [
      ['alert.raised', 'platform', 'done'],
      ['alert.respond', 'playbook:scans', 'done'],
    ]);
  });

  it('asks, where somebody has to approve: approved, declined, lapsed', async () => {
    const body = {
      ...{ name: 'asks', action: 'quarantine' as const, match: match({}), enabled: true, approvalMinutes: 10 },
      ...{ perHour: 100, perVmHour: 100 },
    };
    const { id } = await guard.client.createPlaybook({ body });
    const ask = async (vm: number) => {
      const alert = await alertAbout(vm);
      assert.deepEqual(await outcome(id, alert), ['asked', null]);
      const [response] = await responsesTo(alert);
      assert.equal(response?.state, 'waiting');
      return { alert, params: { id: response!.id } };
    };
    const one = await ask(1);
    assert.equal(await isCut(1), false);
    assert.deepEqual(await outcome(id, await alertAbout(1)), ['refused', 'asked-already']);
    await assert.rejects(boss.client.approveResponse({ params: one.params }), codeIs('not-permitted'));
    await assert.rejects(
      second.client.undoResponse({ params: one.params, body: { reason: 'No.' } }),
      codeIs('response-over'),
    );
    await assert.rejects(guard.client.approveResponse({ params: one.params }), codeIs('own-playbook'));
    assert.equal(await isCut(1), false);
    const approved = await second.client.approveResponse({ params: one.params });
    assert.deepEqual([approved.state, approved.decidedBy, approved.doneBy], ['active', 'second', 'playbook:asks']);
    assert.ok(approved.until !== null && (await isCut(1)));
    await assert.rejects(second.client.approveResponse({ params: one.params }), codeIs('response-not-waiting'));

    const two = await ask(2);
    const declined = await second.client.declineResponse({ params: two.params, body: { reason: 'A test.' } });
    assert.deepEqual([declined.state, declined.endReason, await isCut(2)], ['declined', 'A test.', false]);

    const three = await ask(3);
    await sql`update alert_responses set waits_until = now() - interval '1 second' where id = ${three.params.id}::uuid`.execute(
      db,
    );
    await Promise.all([lapseDue(db), lapseDue(db)]);
    const [lapsed] = await responsesTo(three.alert);
    assert.deepEqual([lapsed?.state, await isCut(3)], ['lapsed', false]);
    const count = (await auditOf(three.alert)).filter(([action]) => action === 'alert.response-lapsed').length;
    assert.equal(count, 1);
    await guard.client.deletePlaybook({ params: { id } });
    await release(1);
  });

  it('says why it could not, and of several platforms one acts', async () => {
    const set = await guard.client.createAddressSet({ body: { name: 'blocked', description: '' } });
    const action = { action: 'block-peer' as const, addressSetId: set.id };
    await assert.rejects(
      guard.client.createPlaybook({ body: { name: 'x', action: 'block-peer' } }),
      codeIs('invalid-request'),
    );
    const body = { name: 'blocks', ...action, match: match({}), enabled: true, perHour: 100, perVmHour: 100 };
    const { id } = await guard.client.createPlaybook({ body });
    assert.deepEqual(await outcome(id, await alertAbout(1)), ['refused', 'no-peer-outside']);
    const peers = [{ ip: '203.0.113.7', vmId: null, tenantId: null }];
    const alert = await alertAbout(1, { peers });
    await Promise.all([playbookTurn(db), playbookTurn(db), playbookTurn(db)]);
    assert.deepEqual(await outcome(id, alert), ['refused', 'set-not-denied']);
    assert.deepEqual((await auditOf(alert)).at(-1), ['alert.respond', 'playbook:blocks', 'refused']);
    assert.equal((await auditOf(alert)).filter(([action]) => action === 'alert.respond').length, 1);
    await assert.rejects(guard.client.createPlaybook({ body }), codeIs('name-taken'));
    await assert.rejects(boss.client.listPlaybooks({ query: {} }), codeIs('not-permitted'));
  });
});
