import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Detection } from '@hypervigil/detect';
import { ALERT_STATES, type AlertPeer, type Id, SEVERITIES } from '@hypervigil/model';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { forgetOldAlerts, raise } from '../src/detect/raise.ts';
import { type Database, migrate, openDatabase } from '../src/state/database.ts';
import { MIGRATIONS } from '../src/state/migrations/index.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  joinAs,
  observedVm,
  startTestCloud,
  type TestCloud,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const [SHOP, DB, FOREIGN, ALONE] = [1, 2, 3, 4] as const;
const ATTACKER: AlertPeer = { ip: '203.0.113.7', vmId: null, tenantId: null };

describe('incidents', () => {
  let cloud: TestCloud;
  let db: Database;
  let admin: TestPerson;
  let boss: TestPerson;
  let stranger: TestPerson;
  let narrow: TestPerson;
  let acme: Id;
  let globex: Id;
  let made = 0;

  before(async () => {
    cloud = await startTestCloud('incidents');
    admin = cloud.person;
    db = openDatabase({ connectionString: cloud.databaseUrl }, () => undefined);
    const engine = await connectEngine(cloud.platform, await enrol(cloud.platform, admin, 'h1'), { obedient: true });
    const vms = [claimed(SHOP, 'acme'), claimed(DB, 'acme'), claimed(FOREIGN, 'globex'), claimed(ALONE, 'globex')];
    engine.send(inventory(...vms));
    await until('four VMs', async () => (await admin.client.listVms({ query: {} })).total === 4);
    const tenants = (await admin.client.listTenants({ query: {} })).items;
    [acme, globex] = ['acme', 'globex'].map((name) => tenants.find((one) => one.name === name)!.id) as [Id, Id];
    const join = (name: string, tenantId: Id) =>
      joinAs(cloud.platform, admin, { name, duty: 'tenant-admin', tenantId });
    boss = await join('boss', acme);
    stranger = await join('stranger', globex);
    const group = await boss.client.createGroup({
      body: { name: 'shops', description: '', tenantId: acme, vmIds: [observedVm(SHOP).id] },
    });
    const scope = { groupIds: [group.id] };
    narrow = await joinAs(cloud.platform, admin, { name: 'narrow', duty: 'tenant-member', tenantId: acme, scope });
    await admin.client.createNotificationRoute({
      body: {
        name: 'soc',
        target: { kind: 'webhook', format: 'json', ca: null },
        secrets: { url: 'https://127.0.0.1:9/', key: 'a signing key of ours' },
      },
    });
  });
  after(async () => {
    await db?.destroy();
    await cloud?.stop();
  });

  const peer = (n: number, tenantId: Id): AlertPeer => ({ ip: `10.0.0.${n}`, vmId: observedVm(n).id, tenantId });
  const detection = (vm: number, code: Detection['code'], peers: AlertPeer[], change: Partial<Detection> = {}) => ({
    ...{ vmId: observedVm(vm).id, code, about: `${++made}`, side: 'source' as const, peers, flowKeys: ['a'] },
    ...{ severity: 'medium' as const, reason: 'none-answered' as const, expected: {}, seen: {} },
    ...{ startMs: Date.now() - 1000, endMs: Date.now() },
    ...change,
  });
  const only = async ({ client }: TestPerson) => {
    const { items } = await client.listIncidents({ query: {} });
    assert.equal(items.length, 1);
    return items[0]!;
  };
  const show = ({ client }: TestPerson, id: Id) => client.getIncident({ params: { id } });

  it('come of alerts that have something in common, say why, and are worse than any one of them', async () => {
    await raise(db, [detection(SHOP, 'brute-force', [ATTACKER], { side: 'target' })]);
    const moved = [ATTACKER, peer(DB, acme)];
    await raise(db, [detection(SHOP, 'lateral-movement', moved, { severity: 'high', reason: 'some-answered' })]);
    await raise(db, [detection(DB, 'beacon', [{ ...ATTACKER, ip: '198.51.100.9' }])]);
    const incident = await only(admin);
    assert.deepEqual(
      [incident.severity, incident.worst, incident.isRaised, incident.state, incident.alerts, incident.waiting],
      ['critical', 'lateral-movement', true, 'new', 3, 3],
    );
    assert.deepEqual(incident.tactics, ['credential-access', 'lateral-movement', 'command-and-control']);
    const { members, graph, timeline } = await show(admin, incident.id);
    const ties = members.map(({ ties: some }) => some.map(({ entity }) => entity.kind));
    assert.deepEqual(ties, [[], ['vm', 'address'], ['vm']]);
    assert.ok(members.every(({ alert }) => alert.incidentId === incident.id));
    const [shop, db1] = [`vm:${observedVm(SHOP).id}`, `vm:${observedVm(DB).id}`];
    assert.deepEqual(
      graph.edges.map(({ from, to, codes }) => [from, to, codes]),
      [
        ['address:203.0.113.7', shop, ['brute-force', 'lateral-movement']],
        [shop, db1, ['lateral-movement']],
        [db1, 'address:198.51.100.9', ['beacon']],
      ],
    );
    assert.deepEqual(new Set(timeline.map(({ kind }) => kind)), new Set(['began', 'lasted', 'raised', 'told']));
  });

  it('are one where two processes raise at once what belongs together', async () => {
    const both = [1, 2].map(() => raise(db, [detection(SHOP, 'port-scan', [peer(DB, acme)])]));
    await Promise.all(both);
    assert.equal((await only(admin)).alerts, 5);
  });

  it('across tenants are to each tenant what it may see, and nothing else of them shows', async () => {
    await raise(db, [detection(SHOP, 'cross-tenant', [peer(FOREIGN, globex)], { severity: 'high' })]);
    await raise(db, [
      detection(FOREIGN, 'known-attack', [peer(SHOP, acme)], {
        side: 'target',
        severity: 'low',
        seen: { what: '7 x' },
      }),
    ]);
    const whole = await only(admin);
    assert.deepEqual([whole.alerts, whole.severity], [7, 'critical']);
    const own = await only(stranger);
    assert.deepEqual(
      [own.id, own.alerts, own.severity, own.isRaised, own.codes, own.vms.map(({ vmName }) => vmName)],
      [whole.id, 1, 'low', false, ['known-attack'], [observedVm(FOREIGN).name]],
    );
    assert.ok(own.createdAt > whole.createdAt);
    const told = await show(stranger, whole.id);
    assert.deepEqual(told.members[0]!.ties, []);
    assert.deepEqual(
      told.graph.nodes.map(({ id }) => id),
      [`vm:${observedVm(FOREIGN).id}`, `address:10.0.0.${SHOP}`],
    );
    assert.deepEqual(new Set(told.timeline.map(({ kind }) => kind)), new Set(['began', 'lasted', 'raised']));
    const text = JSON.stringify([own, told]);
    for (const secret of [acme, observedVm(SHOP).id, observedVm(DB).id, observedVm(SHOP).name, 'soc'])
      assert.ok(!text.includes(secret), secret);

    assert.deepEqual((await show(boss, whole.id)).vms.length, 2);
    const cut = await show(narrow, whole.id);
    assert.deepEqual(
      cut.vms.map(({ vmId }) => vmId),
      [observedVm(SHOP).id],
    );
    assert.ok(cut.alerts < 6);
    await raise(db, [detection(ALONE, 'mining', [])]);
    const apart = (await stranger.client.listIncidents({ query: { code: 'mining' } })).items[0]!;
    await assert.rejects(show(boss, apart.id), codeIs('not-found'));
    await assert.rejects(
      boss.client.closeIncident({ params: { id: apart.id }, body: { resolution: 'false' } }),
      codeIs('not-found'),
    );
  });

  it('are listed by what is told of them, page by page, to each reader', async () => {
    for (const { client } of [admin, boss, stranger, narrow]) {
      const all = (await client.listIncidents({ query: {} })).items;
      assert.ok(all.length > 0);
      const ids = async (query: object) => (await client.listIncidents({ query })).items.map(({ id }) => id);
      for (const severity of SEVERITIES)
        assert.deepEqual(
          await ids({ severity }),
          all.filter((one) => one.severity === severity).map(({ id }) => id),
        );
      for (const state of ALERT_STATES)
        assert.deepEqual(
          await ids({ state }),
          all.filter((one) => one.state === state).map(({ id }) => id),
        );
      const pages: Id[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await client.listIncidents({ query: { limit: 1, ...(cursor ? { cursor } : {}) } });
        assert.equal(page.total, all.length);
        pages.push(...page.items.map(({ id }) => id));
        cursor = page.next;
      } while (cursor !== null);
      assert.deepEqual(
        pages,
        all.map(({ id }) => id),
      );
    }
    const { name } = observedVm(ALONE);
    assert.equal((await admin.client.listIncidents({ query: { q: name } })).total, 1);
    assert.equal((await boss.client.listIncidents({ query: { q: name } })).total, 0);
    const vmId = observedVm(FOREIGN).id;
    assert.equal((await admin.client.listIncidents({ query: { vmId } })).total, 1);
    assert.equal((await admin.client.listIncidents({ query: { vmId, code: 'mining' } })).total, 0);
  });

  const main = async () => {
    const { items } = await admin.client.listIncidents({ query: { vmId: observedVm(SHOP).id } });
    return items.toSorted((a, b) => b.alerts - a.alerts)[0]!.id;
  };

  it('are given to somebody with the alerts that whoever does it sees', async () => {
    const params = { id: await main() };
    await assert.rejects(
      boss.client.assignIncident({ params, body: { assignee: 'admin' } }),
      codeIs('invalid-request'),
    );
    await assert.rejects(narrow.client.assignIncident({ params, body: { assignee: null } }), codeIs('not-permitted'));
    const own = await boss.client.assignIncident({ params, body: { assignee: 'boss' } });
    assert.ok(own.members.every(({ alert }) => alert.assignee === 'boss'));
    assert.ok(own.timeline.some((one) => one.kind === 'assign' && one.alertIds.length === 6 && one.actor === 'boss'));
    assert.deepEqual((await show(stranger, params.id)).assignees, []);
    assert.deepEqual((await show(admin, params.id)).assignees, ['boss']);
  });

  it('are split and merged by the provider, which is audited; the old address leads to the new one', async () => {
    const id = await main();
    const { members } = await show(admin, id);
    const foreign = members.find(({ alert }) => alert.tenantId === globex)!.alert;
    const split = (alertIds: Id[], { client }: TestPerson = admin) =>
      client.splitIncident({ params: { id }, body: { alertIds } });
    await assert.rejects(split([foreign.id], stranger), codeIs('not-permitted'));
    await assert.rejects(split(members.map(({ alert }) => alert.id)), codeIs('incident-whole'));
    await assert.rejects(split([id]), codeIs('invalid-request'));
    const apart = await split([foreign.id]);
    assert.deepEqual([apart.alerts, apart.members[0]!.placedBy], [1, 'admin']);
    assert.equal((await show(admin, id)).alerts, 6);

    await raise(db, [detection(SHOP, 'host-sweep', [peer(FOREIGN, globex)])]);
    assert.deepEqual(
      [(await show(admin, id)).alerts, (await show(admin, apart.id)).alerts],
      [7, 1],
      'what belongs to both does not undo it',
    );

    const merge = (incidentId: Id, { client }: TestPerson = admin) =>
      client.mergeIncident({ params: { id }, body: { incidentId } });
    await assert.rejects(merge(apart.id, boss), codeIs('not-permitted'));
    await assert.rejects(merge(id), codeIs('invalid-request'));
    await assert.rejects(merge(foreign.id), codeIs('invalid-request'));
    assert.equal((await merge(apart.id)).alerts, 8);
    assert.equal((await show(admin, apart.id)).id, id);
    assert.equal((await show(stranger, apart.id)).alerts, 1);
    const { items } = await admin.client.listAudit({ query: { q: 'incident.' } });
    assert.deepEqual(
      items.map(({ action, subject, params }) => [action, subject, params]),
      [
        ['incident.merged', `incident:${id}`, { incident: apart.id, alerts: 1 }],
        ['incident.split', `incident:${apart.id}`, { incident: id, alerts: 1 }],
      ],
    );
  });

  it('hold no more than they may, by hand neither', async () => {
    const id = await main();
    const codes = ['port-scan', 'host-sweep', 'deny-burst'] as const;
    for (let n = 0; n < 60; n++) await raise(db, [detection(SHOP, codes[n % 3]!, [], { seen: { n } })]);
    const { items } = await admin.client.listIncidents({ query: { vmId: observedVm(SHOP).id } });
    assert.deepEqual(items.map(({ alerts }) => alerts).toSorted((a, b) => b - a)[0], 50);
    const other = items.find((one) => one.id !== id)!;
    assert.ok(other.alerts > 1);
    await assert.rejects(
      admin.client.mergeIncident({ params: { id }, body: { incidentId: other.id } }),
      codeIs('incident-full'),
    );
  });

  it('are closed with all of their open alerts that whoever does it sees, with one answer', async () => {
    const params = { id: await main() };
    const closed = await boss.client.closeIncident({ params, body: { resolution: 'true', comment: 'Cleaned.' } });
    assert.deepEqual([closed.state, closed.open], ['closed', 0]);
    assert.ok(closed.members.every(({ alert }) => alert.resolution === 'true'));
    const wrote = closed.timeline.filter((one) => one.kind === 'comment');
    assert.deepEqual(
      wrote.map(({ text, alertIds }) => [text, alertIds.length]),
      [['Cleaned.', closed.alerts]],
    );
    assert.equal((await show(stranger, params.id)).state, 'new');
    assert.equal((await show(admin, params.id)).open, 1);
    await assert.rejects(
      boss.client.closeIncident({ params, body: { resolution: 'false' } }),
      codeIs('incident-closed'),
    );
    assert.equal((await stranger.client.closeIncident({ params, body: { resolution: 'false' } })).state, 'closed');
    assert.equal((await show(admin, params.id)).state, 'closed');
    await raise(db, [detection(SHOP, 'spoofing', [])]);
    const { items } = await admin.client.listAlerts({ query: { code: 'spoofing' } });
    assert.notEqual(items[0]!.incidentId, params.id, 'what is over takes in nothing');
  });

  it('come late to alerts that an older platform raised, and go with the last of their alerts', async () => {
    const again = detection(ALONE, 'exfiltration', []);
    await raise(db, [again]);
    await db
      .updateTable('alerts')
      .set({ incident_id: null, entities: [] })
      .where('code', '=', 'exfiltration')
      .execute();
    await raise(db, [again]);
    const { items } = await admin.client.listAlerts({ query: { code: 'exfiltration' } });
    const mining = (await admin.client.listAlerts({ query: { code: 'mining' } })).items[0]!;
    assert.equal(items[0]!.incidentId, mining.incidentId);
    const kept = async () => {
      const { rows } = await sql<{ id: Id }>`select id from incidents`.execute(db);
      return rows.length;
    };
    const before = await kept();
    await sql`update alerts set last_at = now() - interval '200 days' where state = 'closed'`.execute(db);
    await forgetOldAlerts(db);
    assert.ok((await kept()) < before);
    assert.ok((await kept()) > 0);
  });

  it('are made of the alerts that were there before, each one its own', async () => {
    const old = openDatabase({ connectionString: await cloud.scratch.createDatabase() }, () => undefined);
    try {
      const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
      await migrator.migrateTo('0027-flow-arrivals');
      const { id } = observedVm(SHOP);
      await sql`insert into alerts (id, code, about, severity, reason, vm_id, vm_name, side, technique, expected, seen, peers,
          flow_keys, first_at, last_at) values (${id}::uuid, 'mining', '', 'high', 'looked-into', ${id}::uuid, 'web1', 'source',
          'T1496', '{}', '{}', '[]', '{}', now(), now())`.execute(old);
      await migrate(old);
      const rows = await old.selectFrom('alerts').select(['id', 'incident_id']).execute();
      assert.deepEqual(rows, [{ id, incident_id: id }]);
    } finally {
      await old.destroy();
    }
  });
});
