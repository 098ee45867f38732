import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AccountWithPassword, FlowRecord } from '@hypervigil/contract';
import type { Duty } from '@hypervigil/model';
import {
  codeIs,
  PASSWORD,
  personWith,
  signIn,
  startTestCloudWithHost,
  type TestCloudWithHost,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const RECORD: FlowRecord = {
  ...{ key: 'k', point: 'egress', net: 0, protocol: 6, srcIp: '', dstIp: '', srcPort: 40_000, dstPort: 443 },
  ...{ srcMac: null, dstMac: null, icmpType: null, icmpCode: null, verdict: 'allow', rule: 5, pending: null },
  ...{ inspection: null, revision: 0, bytes: 100, packets: 2, replyBytes: 50, replyPackets: 1, tcpFlags: 2 },
  ...{ startMs: 0, endMs: 0 },
};

/** Questions about flows: by groups, and kept under a name. */
describe('questions about flows', () => {
  let cloud: TestCloudWithHost;
  const people = new Map<string, TestPerson>();
  const as = (name: string) => people.get(name)!.client;
  const tenants = new Map<string, string>();

  before(async () => {
    cloud = await startTestCloudWithHost('flow-views');
    const { person, engine } = cloud;
    people.set('admin', person);
    engine.send(
      inventory(claimed(1, 'acme', { tier: 'web' }), claimed(2, 'acme', { tier: 'db' }), claimed(3, 'globex')),
    );
    await until('their intent', () => engine.intent()?.vnics.length === 3);
    for (const { name, id } of (await person.client.listTenants({ query: {} })).items) tenants.set(name, id);
    const groups = [
      { name: 'web', tenantId: tenants.get('acme')!, selector: 'tier=web' },
      { name: 'theirs', tenantId: tenants.get('globex')!, tenantIds: [tenants.get('globex')!] },
      { name: 'nobody', tenantId: null },
    ];
    for (const group of groups) await person.client.createGroup({ body: { description: '', vmIds: [], ...group } });
    await join('boss', 'tenant-admin', 'acme');
    await join('member', 'tenant-member', 'acme');
    await join('rival', 'tenant-admin', 'globex');
    await join('sec', 'security');
    await join('aud', 'audit');
    const net = (await person.client.listNetworks({ query: { q: 'prod' } })).items[0]!.num;
    const endMs = Date.now() - 1_000;
    const flow = (key: string, srcIp: string, dstIp: string, change: Partial<FlowRecord> = {}): FlowRecord => {
      return { ...RECORD, key, net, srcIp, dstIp, startMs: endMs - 500, endMs, ...change };
    };
    const signature = { revision: 1, message: 'probe', category: '', severity: 1, application: null };
    const inspection: FlowRecord['inspection'] = {
      ...{ outcome: 'copied', gateway: null, later: [], applications: ['HTTP'], name: null, risks: [], blocked: null },
      signatures: [{ id: 1_078_001, ...signature, at: new Date().toISOString() }],
    };
    const records = [
      flow('1', '10.0.0.1', '10.0.0.2', { inspection }),
      flow('2', '10.0.0.2', '10.0.0.3'),
      flow('3', '10.0.0.3', '198.51.100.1'),
    ];
    engine.send({ type: 'flows', batch: 'b', records, names: [], lost: 0 });
    await engine.expect('flows.stored');
  });
  after(() => cloud?.stop());

  async function join(name: string, duty: Exclude<Duty, 'bootstrap'>, tenant?: string): Promise<void> {
    const tenantId = tenant === undefined ? null : tenants.get(tenant)!;
    const { password }: AccountWithPassword = await cloud.person.client.createAccount({
      body: { name, duty, tenantId },
    });
    const person = personWith(cloud.platform, await signIn(cloud.platform, name, password));
    await person.client.changePassword({ body: { current: password, next: PASSWORD } });
    people.set(name, person);
  }

  const found = async (name: string, filter: string) =>
    (await as(name).listFlows({ query: { filter } })).items.map(({ src, dst }) => `${src.ip}>${dst.ip}`).sort();

  it('find the flows of the vNICs that a group has now', async () => {
    assert.deepEqual(await found('admin', 'src.group = web'), ['10.0.0.1>10.0.0.2']);
    assert.deepEqual(await found('admin', 'group = theirs'), ['10.0.0.2>10.0.0.3', '10.0.0.3>198.51.100.1']);
    assert.deepEqual(await found('admin', 'dst.group = none'), ['10.0.0.1>10.0.0.2', '10.0.0.3>198.51.100.1']);
    assert.deepEqual(await found('admin', 'group = nobody'), []);
    assert.deepEqual(await found('admin', 'signature = 1078001'), ['10.0.0.1>10.0.0.2']);
    const web = (await cloud.person.client.listGroups({ query: { q: 'web' } })).items[0]!;
    await cloud.person.client.updateGroup({
      params: { id: web.id },
      body: {
        name: 'web',
        description: '',
        vmIds: [],
        networkIds: [],
        tenantIds: [],
        groupIds: [],
        tenantId: web.tenantId,
        selector: 'tier=web or tier=db',
        revision: web.revision,
      },
    });
    assert.deepEqual(await found('admin', 'src.group = web'), ['10.0.0.1>10.0.0.2', '10.0.0.2>10.0.0.3']);
  });

  it('of a tenant know its own groups alone, by name and by id', async () => {
    const theirs = (await cloud.person.client.listGroups({ query: { q: 'theirs' } })).items[0]!;
    assert.deepEqual(await found('boss', 'src.group = web'), ['10.0.0.1>10.0.0.2', '10.0.0.2>10.0.0.3']);
    for (const name of ['theirs', theirs.id])
      await assert.rejects(found('boss', `dst.group = ${name}`), codeIs('invalid-request'));
  });

  const listed = async (name: string) => (await as(name).listFlowViews({ query: {} })).items.map((view) => view.name);

  it('are kept by each for themselves, or shared within the tenant or the provider', async () => {
    await as('boss').createFlowView({ body: { name: 'mine', filter: 'verdict = deny' } });
    await as('boss').createFlowView({ body: { name: 'ours', shared: true, filter: 'src.group = web', window: 900 } });
    await as('sec').createFlowView({ body: { name: 'provider', shared: true, groupBy: 'host' } });
    assert.deepEqual(await listed('boss'), ['mine', 'ours']);
    assert.deepEqual(await listed('member'), ['ours']);
    assert.deepEqual(await listed('rival'), []);
    assert.deepEqual(await listed('aud'), ['provider']);
    assert.deepEqual(await listed('admin'), ['provider'], 'what a tenant shares is not the provider’s');
    const mine = (await as('boss').listFlowViews({ query: { q: 'mine' } })).items[0]!;
    assert.deepEqual(
      [mine.ownerName, mine.tenantId, mine.window, mine.groupBy, mine.thenBy, mine.order],
      ['boss', tenants.get('acme'), null, 'src.ip', null, 'bytes'],
    );
    for (const name of ['member', 'rival', 'admin'])
      await assert.rejects(as(name).getFlowView({ params: { id: mine.id } }), codeIs('not-found'));
    await assert.rejects(as('boss').createFlowView({ body: { name: 'mine' } }), codeIs('name-taken'));
    await as('member').createFlowView({ body: { name: 'mine' } });
  });

  it('that cannot be asked are refused where they are wrong', async () => {
    const refused = async (name: string, body: { filter?: string; groupBy?: 'host'; thenBy?: 'src.ip' }) => {
      const problem = await as(name)
        .createFlowView({ body: { name: 'bad', ...body } })
        .then(
          () => assert.fail('it was saved'),
          ({ body: { problems } }) => problems[0],
        );
      return [problem.field, problem.code, problem.params.at].filter(Boolean).join(' ');
    };
    assert.equal(await refused('boss', { filter: 'port = 1 and verdict = denied' }), 'filter flow-query-syntax 24');
    assert.equal(await refused('boss', { filter: 'host = h1' }), 'filter flow-query-field 1');
    assert.equal(await refused('boss', { filter: 'group = theirs' }), 'filter flow-query-name 9');
    assert.equal(await refused('boss', { groupBy: 'host' }), 'groupBy invalid');
    assert.equal(await refused('boss', { thenBy: 'src.ip' }), 'thenBy twice');
  });

  it('are changed by who saved them, and cleared away by who manages the accounts', async () => {
    const ours = (await as('boss').listFlowViews({ query: { q: 'ours' } })).items[0]!;
    const change = (name: string, revision: number) =>
      as(name).updateFlowView({ params: { id: ours.id }, body: { name: 'ours', filter: 'port = 22', revision } });
    await assert.rejects(change('member', 0), codeIs('not-your-view'));
    await assert.rejects(change('rival', 0), codeIs('not-found'));
    await assert.rejects(change('boss', 7), codeIs('stale-revision'));
    const changed = await change('boss', 0);
    assert.deepEqual([changed.filter, changed.shared, changed.revision], ['port = 22', false, 1]);
    await assert.rejects(as('member').getFlowView({ params: { id: ours.id } }), codeIs('not-found'));

    const shared = await as('member').createFlowView({ body: { name: 'left behind', shared: true } });
    await assert.rejects(as('rival').deleteFlowView({ params: { id: shared.id } }), codeIs('not-found'));
    await as('boss').deleteFlowView({ params: { id: shared.id } });
    const [provider] = (await as('aud').listFlowViews({ query: {} })).items;
    await assert.rejects(as('aud').deleteFlowView({ params: { id: provider!.id } }), codeIs('not-your-view'));
    await as('admin').deleteFlowView({ params: { id: provider!.id } });

    const audit = (await as('admin').listAudit({ query: { q: 'flow-view' } })).items;
    const told = audit.map(({ action, actor, params }) => `${actor} ${action} ${params['name']}`);
    assert.ok(told.includes('member flow-view.created left behind'), told.join('\n'));
    assert.ok(told.includes('boss flow-view.updated ours') && told.includes('boss flow-view.deleted left behind'));
  });
});
