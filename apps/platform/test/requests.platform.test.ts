import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RuleInput } from '@hypervigil/contract';
import { ANYONE, ApiErrorBody, RULE_DEFAULTS } from '@hypervigil/model';
import fc from 'fast-check';
import type { RunningPlatform } from '../src/index.ts';
import {
  codeIs,
  connectEngine,
  enrol,
  observedVm,
  startTestCloud,
  type TestPerson,
  until,
} from '../src/testing/index.ts';

const NOBODY = '00000000-0000-4000-8000-00000000dead';
const rule = (change: Partial<RuleInput> = {}): RuleInput => ({
  name: 'r',
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...RULE_DEFAULTS,
  ...change,
});
const policy = (change = {}) => ({
  name: 'p',
  description: '',
  tier: 'platform' as const,
  tenantId: null,
  order: 1,
  enabled: true,
  rules: [rule()],
  ...change,
});

describe('what people ask for', () => {
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  before(async () => {
    ({ platform, person, stop } = await startTestCloud('requests', { createFromClaims: false }));
  });
  after(async () => {
    await stop();
  });

  async function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await person.fetch(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, error: ApiErrorBody.parse(await response.json()) };
  }
  const fieldOf = async (method: string, path: string, body: unknown) => {
    const { status, error } = await send(method, path, body);
    assert.equal(status, 400, JSON.stringify(error));
    return error.problems[0]?.field;
  };

  it('names the field that is unknown, of another type or out of range, however deep', async () => {
    const tenant = '/api/v1/tenants';
    assert.equal(await fieldOf('POST', tenant, { name: 'a', colour: 'red' }), 'colour');
    assert.equal(await fieldOf('POST', tenant, { name: 7 }), 'name');
    assert.equal(await fieldOf('POST', tenant, {}), 'name');
    assert.equal(await fieldOf('POST', tenant, { name: 'a', intraTenant: 'maybe' }), 'intraTenant');
    assert.equal(
      await fieldOf('POST', '/api/v1/networks', { name: 'n', vlan: 5000, cidrs: [], tenantId: null }),
      'vlan',
    );
    assert.equal(
      await fieldOf('POST', '/api/v1/networks', { name: 'n', vlan: 1, cidrs: ['x'], tenantId: null }),
      'cidrs.0',
    );
    const deep = policy({ rules: [rule(), { ...rule({ name: 's' }), from: { ...ANYONE, groupIdz: [] } }] });
    assert.equal(await fieldOf('POST', '/api/v1/policies', deep), 'rules.1.from.groupIdz');
    const ports = policy({ rules: [rule({ services: [{ protocol: 'tcp', ports: ['99999'] }] })] });
    assert.equal(await fieldOf('POST', '/api/v1/policies', ports), 'rules.0.services.0.ports.0');
    assert.equal((await person.client.listTenants({ query: {} })).total, 0);
    assert.equal((await person.client.listPolicies({ query: {} })).total, 0);
  });

  it('says what is wrong in the language that the request asks for', async () => {
    const inChinese = { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' };
    const { error } = await send('POST', '/api/v1/tenants', { name: 7 }, inChinese);
    assert.equal(error.message, '部分字段不正确。请改正后重试。 name: 必须是文本。');
    assert.deepEqual(error.problems, [
      { field: 'name', code: 'wrong-type', params: { expected: 'string' }, message: '必须是文本。' },
    ]);
    const missing = await person.fetch(`/api/v1/tenants/${NOBODY}`, { headers: inChinese });
    assert.equal(missing.headers.get('content-language'), 'zh');
    const body = ApiErrorBody.parse(await missing.json());
    assert.deepEqual([body.code, body.params], ['not-found', { what: 'tenant', id: NOBODY }]);
    assert.equal(body.message, '没有这个租户，可能已被删除。');
    const english = await send('POST', '/api/v1/tenants', { name: 7 });
    assert.equal(
      english.error.message,
      'Some fields are not right. Correct them and try again. name: This must be text.',
    );
  });

  it('refuses ids of nothing with their field, and changes nothing', async () => {
    const group = { name: 'g', description: '', tenantId: null, vmIds: [] };
    assert.equal(await fieldOf('POST', '/api/v1/groups', { ...group, tenantId: NOBODY }), 'tenantId');
    assert.equal(await fieldOf('POST', '/api/v1/groups', { ...group, vmIds: [NOBODY] }), 'vmIds');
    const network = { name: 'n', vlan: null, cidrs: [], tenantId: NOBODY };
    assert.equal(await fieldOf('POST', '/api/v1/networks', network), 'tenantId');
    const named = policy({ rules: [rule({ from: { ...ANYONE, groupIds: [NOBODY] } })] });
    assert.equal(await fieldOf('POST', '/api/v1/policies', named), 'rules.0.from.groupIds.0');
    const foreignRule = policy({ rules: [rule({ id: NOBODY })] });
    assert.equal(await fieldOf('POST', '/api/v1/policies', foreignRule), 'rules.0.id');
    assert.equal((await person.client.listGroups({ query: {} })).total, 0);
    assert.equal((await person.client.listPolicies({ query: {} })).total, 0);
    const { items } = await person.client.listAudit({ query: {} });
    assert.ok(items.every(({ action }) => !/^(group|network|policy)\./.test(action)));
  });

  it('refuses what is no JSON, another media type, and what is too large', async () => {
    assert.equal((await send('POST', '/api/v1/tenants', '{"name":')).status, 400);
    assert.equal((await send('POST', '/api/v1/tenants', '')).status, 400);
    const text = await send('POST', '/api/v1/tenants', 'name=a', { 'content-type': 'text/plain' });
    assert.deepEqual([text.status, text.error.code], [415, 'unsupported-media-type']);
    const huge = JSON.stringify({ name: 'a', description: 'x'.repeat(10 * 1024 * 1024) });
    for (const path of ['/api/v1/tenants', '/api/v1/policies', '/api/v1/session', '/api/v1/engine/enrol']) {
      const { status, error } = await send('POST', path, huge);
      assert.deepEqual([status, error.code], [413, 'too-large'], path);
    }
    const nul = await send('POST', '/api/v1/tenants', { name: 'a', description: 'x\0y' });
    assert.deepEqual([nul.status, nul.error.code], [400, 'unstorable']);
    assert.equal((await person.client.listTenants({ query: {} })).total, 0);
  });

  it('survives any JSON as any body', async () => {
    const paths = ['/api/v1/tenants', '/api/v1/policies', '/api/v1/groups', '/api/v1/networks', '/api/v1/session'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, body) => {
        const { status, error } = await send('POST', path, body);
        assert.ok(status >= 400 && status < 500, `${status} ${error.message}`);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses cursors that are none', async () => {
    const wrong = ['x', Buffer.from('[1]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url')];
    for (const list of [
      'hosts',
      'vms',
      'tenants',
      'networks',
      'groups',
      'tasks',
      'audit',
      'enrolments',
      'policy/revisions',
    ])
      for (const cursor of wrong) {
        const response = await person.fetch(`/api/v1/${list}?cursor=${cursor}`);
        const status = list === 'audit' || list === 'policy/revisions' ? [400, 200] : [400];
        assert.ok(status.includes(response.status), `${list} ${cursor} ${response.status}`);
      }
  });

  it('pages through a list without missing or repeating any, and finds by text', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `tenant ${String(i).padStart(2, '0')}`);
    for (const name of names) await person.client.createTenant({ body: { name } });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await person.client.listTenants({
        query: { limit: 7, ...(cursor === undefined ? {} : { cursor }) },
      });
      assert.equal(page.total, 25);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    assert.deepEqual(seen, names);
    assert.equal((await person.client.listTenants({ query: { q: 'NANT 1' } })).total, 10);
    assert.equal((await person.client.listTenants({ query: { q: '%' } })).total, 0);
    const audit: number[] = [];
    let next: string | undefined;
    do {
      const page = await person.client.listAudit({
        query: { limit: 10, ...(next === undefined ? {} : { cursor: next }) },
      });
      audit.push(...page.items.map(({ id }) => id));
      next = page.next ?? undefined;
    } while (next !== undefined);
    assert.deepEqual(
      audit,
      audit.toSorted((a, b) => b - a),
    );
    assert.equal(new Set(audit).size, audit.length);
  });

  it('refuses a taken name, and to delete what is in use', async () => {
    const { items } = await person.client.listTenants({ query: { limit: 2 } });
    const [a, b] = [items[0]!, items[1]!];
    await assert.rejects(person.client.createTenant({ body: { name: a.name } }), codeIs('name-taken'));
    await assert.rejects(
      person.client.updateTenant({ params: { id: b.id }, body: { name: a.name } }),
      codeIs('name-taken'),
    );
    const body = { name: 'n1', vlan: 7, cidrs: ['10.0.0.0/24', 'fd00::/64'], tenantId: a.id };
    const network = await person.client.createNetwork({ body });
    await assert.rejects(person.client.deleteTenant({ params: { id: a.id } }), codeIs('in-use'));
    await person.client.deleteNetwork({ params: { id: network.id } });
    await person.client.deleteTenant({ params: { id: a.id } });
    await assert.rejects(person.client.getTenant({ params: { id: a.id } }), codeIs('not-found'));
    const again = await person.client.createNetwork({ body: { ...body, tenantId: null } });
    assert.ok(again.num > network.num, 'a number is given once');
  });

  it('adopts a VM that was there first as soon as its tenant and its network get their names', async () => {
    const engine = await connectEngine(platform, await enrol(platform, person, 'h1'));
    const [vnic] = observedVm(1).vnics;
    const claims = { tenant: 'late', tags: {} };
    const seen = observedVm(1, { claims, vnics: [{ ...vnic!, claims: { ...vnic!.claims, network: 'new' } }] });
    engine.send({ type: 'inventory', reason: 'start', vms: [seen], drift: [] });
    const vm = () => person.client.getVm({ params: { id: seen.id } });
    await until('it', vm);
    const body = { name: 'early', description: '', intraTenant: 'deny' as const };
    const { id } = await person.client.createTenant({ body });
    assert.equal((await vm()).tenantId, null);
    await person.client.updateTenant({ params: { id }, body: { ...body, name: 'late' } });
    assert.equal((await vm()).tenantId, id);
    const network = await person.client.createNetwork({ body: { name: 'new', vlan: 9, cidrs: [], tenantId: null } });
    assert.equal((await vm()).vnics[0]?.networkId, network.id);
    engine.close();
  });

  it('slows guessing from one address without locking the person out', async () => {
    const guess = (username: string) => send('POST', '/api/v1/session', { username, password: 'wrong' });
    for (let i = 0; i < 5; i++) assert.equal((await guess('admin')).error.code, 'wrong-credentials');
    const { status, error } = await guess('admin');
    assert.deepEqual([status, error.code], [429, 'too-many-requests']);
    assert.equal((await guess('somebody else')).error.code, 'wrong-credentials');
    assert.equal((await person.client.getSession()).user.name, 'admin', 'who is in stays in');
    const { items } = await person.client.listAudit({ query: { q: 'session.begin' } });
    assert.ok(items.some(({ outcome }) => outcome === 'refused'));
  });

  it('counts guesses that come at once', async () => {
    const guesses = Array.from({ length: 30 }, () =>
      send('POST', '/api/v1/session', { username: 'everybody', password: 'wrong' }),
    );
    const codes = (await Promise.all(guesses)).map(({ error }) => error.code);
    assert.ok(codes.filter((code) => code === 'wrong-credentials').length <= 5, codes.join(' '));
  });

  it('signs out', async () => {
    const response = await person.fetch('/api/v1/session', { method: 'DELETE' });
    assert.equal(response.status, 204);
    await assert.rejects(person.client.getSession(), codeIs('not-signed-in'));
  });
});
