import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AccountWithPassword, ApiError, api, type Endpoint, type RuleInput } from '@hypervigil/contract';
import type { Duty, Tenant } from '@hypervigil/model';
import {
  connectEngine,
  enrol,
  observedVm,
  PASSWORD,
  personWith,
  signIn,
  startTestCloud,
  type TestCloud,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';

describe('people', () => {
  let cloud: TestCloud;
  let engine: TestEngine;
  let admin: TestPerson;
  let acme: Tenant;
  let globex: Tenant;
  const people = new Map<string, TestPerson>();
  const as = (name: string): TestPerson => people.get(name) ?? assert.fail(`${name} is not there`);

  before(async () => {
    cloud = await startTestCloud('people');
    admin = cloud.person;
    [acme, globex] = (await Promise.all(
      ['acme', 'globex'].map((name) => admin.client.createTenant({ body: { name } })),
    )) as [Tenant, Tenant];
    const credentials = await enrol(cloud.platform, admin, 'h1');
    engine = await connectEngine(cloud.platform, credentials, { obedient: true });
    const vms = [1, 2, 3, 4].map((n) =>
      observedVm(n, {
        name: n > 2 ? `secret-${n}` : `web-${n}`,
        claims: { tenant: n > 2 ? 'globex' : 'acme', tags: {} },
      }),
    );
    engine.send({ type: 'inventory', reason: 'start', vms, drift: [] });
    await until('four VMs', async () => (await admin.client.listVms({ query: {} })).total === 4);
    const [secret] = (await admin.client.listVms({ query: { q: 'secret' } })).items;
    const foreign = { description: '', tenantId: globex.id };
    await admin.client.createGroup({ body: { name: 'secret-group', ...foreign, vmIds: [secret!.id] } });
    await admin.client.createAddressSet({ body: { name: 'secret-set', ...foreign } });
    await admin.client.createNetwork({ body: { name: 'secret-net', vlan: 7, cidrs: [], tenantId: globex.id } });
    await admin.client.createPolicy({
      body: { name: 'secret-policy', ...foreign, tier: 'tenant', order: 1, enabled: true, rules: [] },
    });
    await admin.client.stopVm({ params: { id: secret!.id } });
    await join('secret-boss', 'tenant-admin', globex.id);
    await join('boss', 'tenant-admin', acme.id);
    await join('member', 'tenant-member', acme.id, as('boss'));
    await join('sys', 'system', null);
    await join('sec', 'security', null);
    await join('aud', 'audit', null);
  });
  after(async () => {
    engine?.close();
    await cloud.stop();
  });

  async function join(name: string, duty: Exclude<Duty, 'bootstrap'>, tenantId: string | null, by = admin) {
    const account = await by.client.createAccount({ body: { name, duty, tenantId } });
    people.set(name, await firstSignIn(account));
    return account;
  }
  async function firstSignIn({ name, password }: AccountWithPassword): Promise<TestPerson> {
    const person = personWith(cloud.platform, await signIn(cloud.platform, name, password));
    await person.client.changePassword({ body: { current: password, next: PASSWORD } });
    return person;
  }

  async function denied(call: Promise<unknown>): Promise<string> {
    const error = await call.then(
      () => assert.fail('it was permitted'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof ApiError)) throw error;
    const { code, params, problems } = error.body;
    return [code, params['denial'], problems[0]?.code].filter(Boolean).join(' ');
  }

  it('sign in with a password that works once, and know their duty', async () => {
    const { user, rights } = await as('boss').client.getSession();
    assert.deepEqual([user.duty, user.tenantId, user.mustChangePassword], ['tenant-admin', acme.id, false]);
    assert.ok(rights.may.includes('vm:operate'));
    assert.equal(rights.mayNot.find(({ permission }) => permission === 'host:read')?.denial, 'provider-only');
  });

  it('come through to exactly the operations that their duty is for', async () => {
    for (const [name, person] of people) {
      const { may } = (await person.client.getSession()).rights;
      for (const [operation, endpoint] of Object.entries<Endpoint>(api)) {
        if (endpoint.caller !== 'person' || ['signOut', 'changePassword', 'discardDraft'].includes(operation)) continue;
        if (endpoint.produces === 'text/event-stream') continue;
        const response = await person.fetch(endpoint.path.replace('{id}', '00000000-0000-4000-8000-00000000dead'), {
          method: endpoint.method,
        });
        const { code } = response.status === 403 ? JSON.parse(await response.text()) : { code: '' };
        assert.equal(code === 'not-permitted', !may.includes(endpoint.permission), `${name} ${operation}`);
      }
    }
  });

  it('of a tenant are shown nothing of another, by whatever they ask', async () => {
    const everything = Object.entries<Endpoint>(api).filter(
      ([, e]) => e.caller === 'person' && e.method === 'GET' && e.params === undefined && e.produces === undefined,
    );
    const secrets = ['secret', globex.id, 'globex', '10.0.0.3', '10.0.0.4'];
    const known = await (await admin.fetch('/api/v1/vms')).text();
    for (const secret of secrets) assert.ok(known.includes(secret) || secret === 'globex', secret);
    for (const name of ['boss', 'member'])
      for (const [operation, endpoint] of everything) {
        const text = await (await as(name).fetch(endpoint.path)).text();
        for (const secret of secrets) assert.ok(!text.includes(secret), `${operation} tells ${name} of ${secret}`);
      }
  });

  it('of a tenant are told the same of what is not theirs as of what is not there', async () => {
    const foreign = await foreignIds();
    const nothing = '00000000-0000-4000-8000-00000000dead';
    for (const [operation, endpoint] of Object.entries<Endpoint>(api)) {
      if (endpoint.caller !== 'person' || endpoint.params === undefined) continue;
      const id = foreign.get(endpoint.path.split('/')[3]!);
      if (id === undefined) continue;
      const ask = async (one: string) => {
        const response = await as('boss').fetch(endpoint.path.replace('{id}', one), {
          method: endpoint.method,
          ...(endpoint.body && { headers: { 'content-type': 'application/json' }, body: '{}' }),
        });
        const { requestId: _, ...body } = JSON.parse(await response.text());
        return `${response.status} ${JSON.stringify(body).replaceAll(one, 'ID')}`;
      };
      assert.equal(await ask(id), await ask(nothing), operation);
    }
  });

  async function foreignIds(): Promise<Map<string, string>> {
    const first = async (list: Promise<{ items: { id: string }[] }>) => (await list).items[0]!.id;
    const query = { q: 'secret' };
    const { client } = admin;
    const vm = await first(client.listVms({ query }));
    return new Map([
      ['vms', vm],
      ['groups', await first(client.listGroups({ query }))],
      ['address-sets', await first(client.listAddressSets({ query }))],
      ['networks', await first(client.listNetworks({ query }))],
      ['policies', await first(client.listPolicies({ query }))],
      ['tasks', await first(client.listTasks({ query: { vmId: vm } }))],
      ['accounts', await first(client.listAccounts({ query }))],
      ['tenants', globex.id],
    ]);
  }

  it('of a tenant hear of their own VMs and tasks alone', async () => {
    const gone = new AbortController();
    const response = await as('boss').fetch('/api/v1/events', { signal: gone.signal });
    let heard = '';
    const reading = (async () => {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) heard += chunk;
    })().catch(() => undefined);
    await until('the greeting', () => heard.includes('hello'));
    const tag = (id: string) => admin.client.updateVm({ params: { id }, body: { tags: { heard: 'yes' } } });
    await tag((await foreignIds()).get('vms')!);
    await admin.client.syncHost({ params: { id: (await admin.client.listHosts({ query: {} })).items[0]!.id } });
    // What comes later tells that what came before is through.
    const own = (await as('boss').client.listVms({ query: {} })).items[0]!;
    await tag(own.id);
    await until('the own VM', () => heard.includes(`"name":"${own.name}"`));
    gone.abort();
    await reading;
    assert.ok(!heard.includes('secret') && !heard.includes('"kind":"host"') && !heard.includes('"kind":"task"'), heard);
    assert.ok(heard.includes('"hostId":null'));
  });

  it('of a tenant see flows with themselves at one end, and of the other end its address', async () => {
    const network = await admin.client.createNetwork({ body: { name: 'shared', vlan: 9, cidrs: [], tenantId: null } });
    const all = (await admin.client.listVms({ query: {} })).items;
    await Promise.all(
      all.map(({ vnics }) =>
        admin.client.updateVnic({ params: { id: vnics[0]!.id }, body: { networkId: network.id } }),
      ),
    );
    const flow = (key: string, from: number, to: number, atMs: number) => ({
      ...{ key, point: 'egress' as const, net: network.num, protocol: 6, srcPort: 40_000, dstPort: 443 },
      ...{ srcIp: `10.0.0.${from}`, dstIp: `10.0.0.${to}`, srcMac: null, dstMac: null, icmpType: null, icmpCode: null },
      ...{ verdict: 'allow' as const, rule: 5, pending: null, inspection: null, revision: 1, tcpFlags: 0 },
      ...{ bytes: 300, packets: 3, replyBytes: 100, replyPackets: 1, startMs: atMs, endMs: atMs },
    });
    // Each VM is known by its address at a time of its own: flows of a day ago are sent until all of them are.
    const dayAgo = Date.now() - 86_400_000;
    const [from, to] = [-1, 1].map((hours) => new Date(dayAgo + hours * 3_600_000).toISOString());
    let tries = 0;
    await until('known addresses', async () => {
      const [key, atMs] = [`try ${++tries}`, dayAgo + tries];
      const records = [flow(`${key} 1`, 1, 2, atMs), flow(`${key} 2`, 3, 4, atMs)];
      engine.send({ type: 'flows', batch: key, records, names: [], lost: 0 });
      const { items } = await admin.client.listFlows({ query: { from, to } });
      return (
        items.slice(0, 2).every(({ src, dst }) => src.tenantId !== null && dst.tenantId !== null) && items.length > 1
      );
    });
    const records = [flow('a', 1, 2, Date.now()), flow('b', 3, 1, Date.now()), flow('c', 3, 4, Date.now())];
    engine.send({ type: 'flows', batch: 'named', records, names: [], lost: 0 });
    await until('named flows', async () => (await admin.client.listFlows({ query: {} })).total === 3);
    const { client } = as('boss');
    const { items } = await client.listFlows({ query: {} });
    assert.equal(items.length, 2);
    const foreign = items.find(({ src }) => src.ip === '10.0.0.3');
    assert.deepEqual([foreign?.src.vmId, foreign?.src.tenantId, foreign?.dst.tenantId], [null, null, acme.id]);
    assert.equal((await client.listEdges({ query: {} })).items.length, 2);
    const csv = await (await as('boss').fetch('/api/v1/flows.csv')).text();
    assert.ok(!csv.includes(globex.id) && csv.trim().split('\r\n').length === 3, csv);
    const { points } = await client.flowSeries({ query: {} });
    assert.equal(
      points.reduce((sum, { allowFlows }) => sum + allowFlows, 0),
      2,
    );
    assert.deepEqual((await client.getOverview()).vms.total, 2);
  });

  it('of a tenant learn no more of flows by filters and groups than by looking', async () => {
    const { client } = as('boss');
    const count = async (filter: string) => (await client.listFlows({ query: { filter } })).total;
    const foreign = (await foreignIds()).get('vms')!;
    assert.deepEqual(
      [await count('tenant = acme'), await count('src.vm = web-1'), await count('vm = none')],
      [2, 1, 1],
    );
    // What is hidden from them is not there, whether it is asked for, denied, counted or grouped by.
    assert.deepEqual([await count(`vm = ${foreign}`), await count(`vm != ${foreign}`)], [0, 2]);
    assert.equal(await count(`tenant = ${globex.id}`), 0);
    for (const filter of ['vm = secret-3', 'tenant = globex', 'policy = secret-policy', 'network = secret-net'])
      assert.equal(await denied(client.listFlows({ query: { filter } })), 'invalid-request flow-query-name', filter);
    for (const filter of ['host = h1', 'gateway = none'])
      assert.equal(await denied(client.listFlows({ query: { filter } })), 'invalid-request flow-query-field', filter);
    const top = async (groupBy: 'src.vm' | 'src.tenant' | 'host') =>
      (await client.topFlows({ query: { groupBy } })).items.map(({ values, names }) => [...values, ...names]);
    const web1 = (await client.listVms({ query: {} })).items[0]!;
    assert.deepEqual(
      (await top('src.vm')).sort(),
      [
        [web1.id, 'web-1'],
        [null, null],
      ].sort(),
    );
    assert.deepEqual(
      (await top('src.tenant')).sort(),
      [
        [acme.id, 'acme'],
        [null, null],
      ].sort(),
    );
    assert.equal(await denied(top('host')), 'invalid-request invalid');
    const hostId = (await admin.client.listHosts({ query: {} })).items[0]!.id;
    for (const q of [hostId, foreign, 'secret']) assert.equal((await client.listFlows({ query: { q } })).total, 0);
    for (const form of ['csv', 'jsonl', 'parquet']) {
      const file = Buffer.from(await (await as('boss').fetch(`/api/v1/flows.${form}`)).arrayBuffer()).toString(
        'latin1',
      );
      for (const secret of [foreign, globex.id, hostId])
        assert.ok(!file.includes(secret), `${form} tells of ${secret}`);
    }
    assert.equal((await admin.client.listFlows({ query: { filter: 'vm prefix secret and host = h1' } })).total, 2);
  });

  it('of a tenant cannot speak of what is not theirs', async () => {
    const { client } = as('boss');
    const foreign = await foreignIds();
    const group = { name: 'mine', description: '', tenantId: acme.id, vmIds: [foreign.get('vms')!] };
    assert.equal(await denied(client.createGroup({ body: group })), 'invalid-request unknown-id');
    const nested = { ...group, vmIds: [], groupIds: [foreign.get('groups')!] };
    assert.equal(await denied(client.createGroup({ body: nested })), 'invalid-request unknown-id');
    const theirs = { ...group, vmIds: [], tenantId: globex.id };
    assert.equal(await denied(client.createGroup({ body: theirs })), 'not-permitted other-tenant');
    const providers = { ...group, vmIds: [], tenantId: null };
    assert.equal(await denied(client.createGroup({ body: providers })), 'not-permitted provider-only');
    const inGroup = client.listVms({ query: { groupId: foreign.get('groups')! } });
    assert.equal(await denied(inGroup), 'invalid-request unknown-id');
  });

  it('of a tenant reach their own VMs, and are not told where they run', async () => {
    const { items, total } = await as('boss').client.listVms({ query: {} });
    assert.deepEqual([items.map(({ name }) => name), total], [['web-1', 'web-2'], 2]);
    assert.deepEqual(new Set(items.map(({ hostId }) => hostId)), new Set([null]));
    const task = await as('member').client.stopVm({ params: { id: items[1]!.id } });
    assert.equal(task.hostId, null);
    assert.equal(
      await denied(as('boss').client.updateVm({ params: { id: items[0]!.id }, body: { tags: {} } })),
      'not-permitted provider-only',
    );
  });

  it('with rights for a part of a tenant reach that part', async () => {
    const [web1, web2] = (await as('boss').client.listVms({ query: {} })).items;
    const group = await as('boss').client.createGroup({
      body: { name: 'part', description: '', tenantId: acme.id, vmIds: [web1!.id] },
    });
    const member = (await as('boss').client.listAccounts({ query: { q: 'member' } })).items[0]!;
    const scope = { groupIds: [group.id], networkIds: [] };
    await as('boss').client.updateAccount({ params: { id: member.id }, body: { scope } });
    const { client } = as('member');
    assert.deepEqual(
      (await client.listVms({ query: {} })).items.map(({ id }) => id),
      [web1!.id],
    );
    assert.equal(await denied(client.getVm({ params: { id: web2!.id } })), 'not-found');
    assert.equal(await denied(client.startVm({ params: { id: web2!.id } })), 'not-found');
    assert.equal((await client.listTasks({ query: {} })).total, 0);
    const wider = { params: { id: group.id }, body: { ...group, vmIds: [web1!.id, web2!.id] } };
    const { id: _id, num: _num, changedAt: _at, ...body } = wider.body;
    assert.equal(await denied(client.updateGroup({ ...wider, body })), 'not-permitted out-of-scope');
    await as('boss').client.updateAccount({
      params: { id: member.id },
      body: { scope: { groupIds: [], networkIds: [] } },
    });
    assert.equal((await client.listVms({ query: {} })).total, 2);
  });

  it('give others no more than they have', async () => {
    const { client } = as('boss');
    const account = (duty: Exclude<Duty, 'bootstrap'>, tenantId: string | null) =>
      client.createAccount({ body: { name: 'x', duty, tenantId } });
    assert.equal(await denied(account('system', null)), 'not-permitted beyond-own-rights');
    assert.equal(await denied(account('tenant-member', globex.id)), 'not-permitted other-tenant');
    assert.equal(await denied(account('system', acme.id)), 'not-permitted beyond-own-rights');
    const { user } = await client.getSession();
    const own = client.updateAccount({ params: { id: user.id }, body: { disabled: true } });
    assert.equal(await denied(own), 'not-permitted own-account');
    const member = as('member').client.createAccount({ body: { name: 'x', duty: 'tenant-member', tenantId: acme.id } });
    assert.equal(await denied(member), 'not-permitted duty');
    const [founder] = (await as('sec').client.listAccounts({ query: { q: 'admin' } })).items;
    const taken = as('sec').client.resetPassword({ params: { id: founder!.id } });
    assert.equal(await denied(taken), 'not-permitted beyond-own-rights');
  });

  it('of the provider have one power each', async () => {
    const tenant = (name: string) => as(name).client.createTenant({ body: { name: `by-${name}` } });
    await tenant('sys');
    assert.equal(await denied(tenant('sec')), 'not-permitted duty');
    assert.equal(await denied(tenant('aud')), 'not-permitted duty');
    assert.equal(await denied(as('sys').client.publishPolicy({ body: { draftRevision: 0 } })), 'not-permitted duty');
    assert.equal(await denied(as('sys').client.listAudit({ query: {} })), 'not-permitted duty');
    const { items } = await as('aud').client.listAudit({ query: { limit: 1000 } });
    const refused = items.find(({ actor, action }) => actor === 'sec' && action === 'createTenant');
    assert.deepEqual(refused?.params, { permission: 'tenant:write', denial: 'duty' });
    assert.equal(refused?.outcome, 'refused');
  });

  it('who are disabled are out at once, and come in no more', async () => {
    const { id, name } = await join('leaver', 'tenant-member', acme.id, as('boss'));
    await as('boss').client.updateAccount({ params: { id }, body: { disabled: true } });
    assert.equal(await denied(as('leaver').client.getSession()), 'not-signed-in');
    assert.equal(await denied(signIn(cloud.platform, name, PASSWORD)), 'wrong-credentials');
    await as('boss').client.updateAccount({ params: { id }, body: { disabled: false } });
    const { password } = await as('boss').client.resetPassword({ params: { id } });
    assert.equal(await denied(signIn(cloud.platform, name, PASSWORD)), 'wrong-credentials');
    people.set(name, await firstSignIn({ ...(await as('boss').client.getAccount({ params: { id } })), password }));
  });

  const RULE: RuleInput = {
    ...{ name: 'web', enabled: true, log: false, comment: '', from: {}, to: {} },
    ...{ action: 'allow', services: [{ protocol: 'tcp', ports: ['443'] }] },
  } as RuleInput;
  const policyOf = (tenantId: string | null, name: string, more: object = {}) => ({
    ...{ name, description: '', tier: 'tenant' as const, tenantId, order: 5, enabled: true, rules: [RULE] },
    ...more,
  });

  it('of a tenant write and publish their own part of the draft, and no other', async () => {
    const { client } = as('boss');
    await admin.client.createPolicy({
      body: policyOf(null, 'secret-plan', { tier: 'platform', rules: [{ ...RULE, comment: 'secret' }] }),
    });
    assert.equal(
      await denied(client.createPolicy({ body: policyOf(acme.id, 'up', { tier: 'emergency' }) })),
      'not-permitted provider-tier',
    );
    assert.equal(await denied(client.createPolicy({ body: policyOf(globex.id, 'x') })), 'not-permitted other-tenant');
    const own = await client.createPolicy({ body: policyOf(acme.id, 'acme-web') });
    const toThem = { params: { id: own.rules[0]!.id }, body: { policyId: (await foreignIds()).get('policies')! } };
    assert.notEqual(await denied(client.moveRule(toThem)), '');
    const behind = (id: string, before: string) => client.movePolicy({ params: { id }, body: { before } });
    assert.equal(await denied(behind(own.id, toThem.body.policyId)), 'invalid-request unknown-id');
    assert.equal(await denied(behind(toThem.body.policyId, own.id)), 'not-permitted provider-tier');
    const { draftRevision, changes } = await client.getPolicyStatus();
    assert.deepEqual(changes, { added: 1, changed: 0, removed: 0 });
    const { publishedRevision } = await client.publishPolicy({ body: { draftRevision } });
    const status = await admin.client.getPolicyStatus();
    assert.equal(status.publishedRevision, publishedRevision);
    // What the provider and the other tenant are still writing is not published with it.
    assert.equal(status.changes.added, 2);
    assert.equal(await denied(as('secret-boss').client.getPolicy({ params: { id: own.id } })), 'not-found');
    assert.equal((await as('secret-boss').client.listRevisions({ query: {} })).total, 0);
  });

  it('of a tenant read what is published for all of them, without whom else it names', async () => {
    const { client } = as('boss');
    const secret = (await foreignIds()).get('groups')!;
    await admin.client.createPolicy({
      body: policyOf(null, 'guard', {
        tier: 'platform',
        rules: [
          { ...RULE, name: 'for-all', from: { groupIds: [secret] } },
          { ...RULE, name: 'for-others', from: { groupIds: [secret] }, to: { groupIds: [secret] } },
        ],
      }),
    });
    const { draftRevision } = await admin.client.getPolicyStatus();
    await admin.client.publishPolicy({ body: { draftRevision } });
    const { items } = await client.listPolicies({ query: {} });
    const seen = items.find(({ name }) => name === 'guard');
    assert.deepEqual(
      seen?.rules.map(({ name, from }) => [name, from.groupIds]),
      [['for-all', ['00000000-0000-0000-0000-000000000000']]],
    );
    assert.equal(await denied(client.deletePolicy({ params: { id: seen!.id } })), 'not-permitted provider-tier');
  });

  it('approve what others wrote, each once, until it is changed again', async () => {
    const settings = { emergency: 0, platform: 1, tenant: 1, baseline: 0 };
    const tooMany = admin.client.updateApprovalSettings({ body: { ...settings, platform: 9 } });
    assert.equal(await denied(tooMany), 'invalid-request too-high');
    await admin.client.updateApprovalSettings({ body: settings });
    await join('boss2', 'tenant-admin', acme.id, as('boss'));
    const policy = await as('boss').client.createPolicy({ body: policyOf(acme.id, 'acme-db') });
    const part = async (name = 'boss') => (await as(name).client.getPolicyStatus()).approvals[0]!;
    const publish = async (name = 'boss') =>
      as(name).client.publishPolicy({
        body: { draftRevision: (await as(name).client.getPolicyStatus()).draftRevision },
      });
    assert.equal(await denied(publish()), 'approval-missing');
    const approve = async (name: string, revision?: number) =>
      as(name).client.approvePolicy({
        body: { revision: revision ?? (await part(name)).revision, comment: 'as agreed' },
      });
    assert.equal(await denied(approve('boss')), 'own-draft');
    assert.equal(await denied(approve('member')), 'not-permitted duty');
    assert.equal(await denied(approve('secret-boss', 1)), 'nothing-to-approve');
    const seen = (await part('boss2')).revision;
    await approve('boss2');
    assert.equal(await denied(approve('boss2')), 'approved-already');
    const given = async () => (await part()).approvedBy.map(({ name, comment }) => [name, comment]);
    assert.deepEqual(await given(), [['boss2', 'as agreed']]);
    assert.equal(await denied(as('boss').client.withdrawApproval({ body: {} })), 'not-approved');
    assert.equal(
      await denied(as('secret-boss').client.withdrawApproval({ body: { tenantId: acme.id } })),
      'not-permitted other-tenant',
    );
    await as('boss2').client.withdrawApproval({ body: { comment: 'not yet' } });
    assert.deepEqual(await given(), []);
    assert.equal(await denied(publish()), 'approval-missing');
    await approve('boss2');
    await as('boss').client.updatePolicy({
      params: { id: policy.id },
      body: policyOf(acme.id, 'acme-db', { revision: policy.revision, order: 6 }) as never,
    });
    assert.deepEqual((await part()).approvedBy, []);
    assert.equal(await denied(publish()), 'approval-missing');
    assert.equal(await denied(approve('boss2', seen)), 'stale-revision');
    await approve('boss2');
    await publish();
    const [latest] = (await as('boss').client.listRevisions({ query: {} })).items;
    assert.deepEqual(
      latest?.approval?.map(({ required, authors, approvedBy }) => [required, authors, approvedBy[0]?.comment]),
      [[1, ['boss'], 'as agreed']],
    );
    assert.deepEqual((await as('boss').client.getPolicyStatus()).approvals, []);
  });
});
