import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ApiError, RuleInput } from '@hypervigil/contract';
import { ANYONE, FIRST_RULE_NUM, RULE_DEFAULTS } from '@hypervigil/model';
import {
  codeIs,
  observedVm,
  startTestCloudWithHost,
  type TestEngine,
  type TestPerson,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const peer = (groupIds: string[] = [], cidrs: string[] = []) => ({ ...ANYONE, groupIds, cidrs });
const ruleFrom = (from: string[], to: string[], change: Partial<RuleInput> = {}): RuleInput => ({
  name: 'Web calls the application',
  enabled: true,
  action: 'allow',
  from: peer(from),
  to: peer(to),
  services: [{ protocol: 'tcp', ports: ['8080'] }],
  ...RULE_DEFAULTS,
  log: true,
  ...change,
});

describe('policy', () => {
  let person: TestPerson;
  let stop: () => Promise<void>;
  let engine: TestEngine;
  let web: string;
  let app: string;
  before(async () => {
    ({ person, engine, stop } = await startTestCloudWithHost('policy'));
    engine.send(inventory(claimed(1, 'acme', { tier: 'web' }), claimed(2, 'acme', { tier: 'app' })));
    await until('the VMs', async () => (await person.client.listVms({ query: {} })).total === 2);
    web = await group('web', 'tier=web');
    app = await group('app', 'tier=app');
  });
  after(() => stop?.());

  async function group(name: string, selector: string): Promise<string> {
    const body = { name, description: '', tenantId: null, vmIds: [], selector };
    return (await person.client.createGroup({ body })).id;
  }
  const status = () => person.client.getPolicyStatus();
  const publish = async () =>
    person.client.publishPolicy({ body: { draftRevision: (await status()).draftRevision, comment: 'because' } });
  const input = { name: 'tiers', description: '', tier: 'platform' as const, tenantId: null, order: 1, enabled: true };

  it('changes nothing on the wire until the draft is published', async () => {
    const policy = await person.client.createPolicy({ body: { ...input, rules: [ruleFrom([web], [app])] } });
    assert.equal(policy.change, 'added');
    assert.ok(policy.rules[0]!.num >= FIRST_RULE_NUM);
    assert.deepEqual((await status()).changes, { added: 1, changed: 0, removed: 0 });
    assert.ok((await person.client.getOverview()).advice.some(({ code }) => code === 'draft-unpublished'));
    assert.equal(
      engine.intent()?.rules.some((rule) => rule.num === policy.rules[0]!.num),
      false,
    );
    const published = await publish();
    assert.deepEqual([published.publishedRevision, published.changes.added], [1, 0]);
    await until('the rule at the host', () => engine.intent()?.rules.some(({ num }) => num === policy.rules[0]!.num));
    await until('enforced on 1 of 1', async () => (await status()).hosts.every((host) => host.enforced));
    assert.equal((await person.client.getPolicy({ params: { id: policy.id } })).change, 'none');
  });

  it('refuses to publish another draft than the one that was looked at', async () => {
    const { draftRevision } = await status();
    await person.client.createPolicy({ body: { ...input, name: 'other', rules: [] } });
    const stale = person.client.publishPolicy({ body: { draftRevision } });
    await assert.rejects(stale, codeIs('stale-revision'));
    assert.equal((await status()).publishedRevision, 1);
    await person.client.discardDraft();
    assert.deepEqual((await status()).changes, { added: 0, changed: 0, removed: 0 });
  });

  it('keeps the numbers of rules that stay, and refuses what clashes with a change made meanwhile', async () => {
    const { items } = await person.client.listPolicies({ query: {} });
    const [policy] = items;
    const params = { id: policy!.id };
    const { num: _, ...kept } = policy!.rules[0]!;
    const rules = [ruleFrom([], [], { name: 'new', action: 'deny' }), kept];
    const changed = await person.client.updatePolicy({
      params,
      body: { ...input, description: 'mine', rules, revision: policy!.revision },
    });
    assert.equal(changed.rules[1]!.num, policy!.rules[0]!.num);
    assert.ok(changed.rules[0]!.num > changed.rules[1]!.num);
    assert.equal(changed.change, 'changed');
    const clash = { ...input, description: 'yours', rules: [], revision: policy!.revision };
    await assert.rejects(person.client.updatePolicy({ params, body: clash }), codeIs('edit-conflict'));
    const other = await person.client.createPolicy({ body: { ...input, name: 'o', rules: [] } });
    const body = { ...input, name: 'o', rules: [kept], revision: other.revision };
    await assert.rejects(person.client.updatePolicy({ params: { id: other.id }, body }), codeIs('invalid-request'));
    await publish();
  });

  it('lets a group take effect at once, as one line, and refuses to delete one that a rule names', async () => {
    const found = await person.client.getGroup({ params: { id: web } });
    assert.deepEqual(found.memberIds, [observedVm(1).id]);
    await until('what was published before', () => engine.intent()?.policyRevision === 2);
    const from = engine.received.length;
    const { memberIds: _, id: __, num: ___, changedAt: ____, ...fields } = found;
    await person.client.updateGroup({ params: { id: web }, body: { ...fields, vmIds: [observedVm(2).id] } });
    const { patch } = await engine.expect('intent.patch', from);
    assert.deepEqual([patch.rules.upsert.length, patch.vnics.upsert.length, patch.sets.upsert.length], [0, 0, 0]);
    assert.deepEqual(
      patch.sets.change.map(({ add, remove }) => [add.length, remove.length]),
      [[2, 0]],
    );
    const stale = person.client.updateGroup({ params: { id: web }, body: { ...fields, vmIds: [] } });
    await assert.rejects(stale, codeIs('stale-revision'));
    await assert.rejects(person.client.deleteGroup({ params: { id: web } }), codeIs('named-by-rule'));
    const listed = (await person.client.listGroups({ query: {} })).items;
    assert.deepEqual(
      listed.map(({ name, memberCount }) => [name, memberCount]),
      [
        ['app', 1],
        ['web', 2],
      ],
    );
    assert.equal((await person.client.listVms({ query: { groupId: web } })).total, 2);
  });

  it('finds members by expressions, networks, tenants and other groups, and refuses what cannot be', async () => {
    const create = (name: string, parts: object) =>
      person.client.createGroup({ body: { name, description: '', tenantId: null, vmIds: [], ...parts } });
    const members = async (id: string) => (await person.client.getGroup({ params: { id } })).memberIds;
    const problem = (at: string) => (error: ApiError) =>
      error.body.problems.some(({ field, code, params }) => at === [field, code, ...Object.values(params)].join(' '));
    const [first, second] = [observedVm(1).id, observedVm(2).id];

    const not = await create('not-app', { selector: 'tier and NOT (tier=app)' });
    assert.equal(not.selector, 'tier and not tier=app');
    assert.deepEqual(await members(not.id), [first]);
    const [{ id: prod } = { id: '' }] = (await person.client.listNetworks({ query: { q: 'prod' } })).items;
    const [{ id: acme } = { id: '' }] = (await person.client.listTenants({ query: { q: 'acme' } })).items;
    const there = await create('there', { networkIds: [prod] });
    assert.deepEqual((await members(there.id)).sort(), [first, second].sort());
    const nested = await create('nested', { groupIds: [not.id, there.id], tenantIds: [acme] });
    assert.deepEqual((await members(nested.id)).sort(), [first, second].sort());
    const query = { selector: 'not tier=web' };
    assert.deepEqual(
      (await person.client.listVms({ query })).items.map(({ id }) => id),
      [second],
    );

    const { num: _, id: __, changedAt: ___, ...fields } = not;
    await assert.rejects(
      person.client.updateGroup({ params: { id: not.id }, body: { ...fields, groupIds: [nested.id] } }),
      problem('groupIds nested-in-itself not-app → nested → not-app'),
    );
    await assert.rejects(create('wrong', { selector: 'tier=' }), problem('selector selector-syntax 6 value'));
    await assert.rejects(person.client.deleteGroup({ params: { id: not.id } }), codeIs('in-use'));
    await assert.rejects(person.client.deleteNetwork({ params: { id: prod } }), codeIs('in-use'));
    for (const { id } of [nested, there, not]) await person.client.deleteGroup({ params: { id } });
  });

  it('quarantines a VM with who, why and since when, and releases it; every host is told, and the audit', async () => {
    const params = { id: observedVm(1).id };
    const isCut = () =>
      engine
        .intent()
        ?.vnics.filter(({ quarantined }) => quarantined)
        .map(({ vmId }) => vmId) ?? [];
    const cut = await person.client.quarantineVm({ params, body: { reason: 'beacons to 203.0.113.9' } });
    assert.deepEqual([cut.quarantine?.reason, cut.quarantine?.by], ['beacons to 203.0.113.9', 'admin']);
    assert.ok(Math.abs(Date.parse(cut.quarantine!.since) - Date.now()) < 60_000);
    await until('the quarantine', () => isCut().length > 0);
    assert.deepEqual(isCut(), [params.id]);
    await assert.rejects(
      person.client.quarantineVm({ params, body: { reason: 'again' } }),
      codeIs('quarantined-already'),
    );
    // What hosts say of the VM does not end it.
    const vm = observedVm(1, { claims: { tenant: 'acme', tags: { tier: 'web' } } });
    const vnics = vm.vnics.map((v) => ({ ...v, claims: { ...v.claims, network: 'prod' } }));
    const stateIs = async (state: 'paused' | 'running') => {
      engine.send({ type: 'vm', vm: { ...vm, state, vnics } });
      await until(state, async () => (await person.client.getVm({ params })).state === state);
    };
    await stateIs('paused');
    assert.equal((await person.client.getVm({ params })).quarantine?.by, 'admin');
    const released = await person.client.releaseVm({ params, body: { reason: 'cleaned' } });
    assert.equal(released.quarantine, null);
    await stateIs('running');
    await until('the release', () => isCut().length === 0);
    await assert.rejects(person.client.releaseVm({ params, body: { reason: 'again' } }), codeIs('not-quarantined'));
    const { items } = await person.client.listAudit({ query: {} });
    assert.deepEqual(
      items
        .filter(({ action }) => ['vm.quarantined', 'vm.released'].includes(action))
        .map(({ action, actor, params: told }) => [action, actor, told['reason']])
        .reverse(),
      [
        ['vm.quarantined', 'admin', 'beacons to 203.0.113.9'],
        ['vm.released', 'admin', 'cleaned'],
      ],
    );
  });

  it('compiles only what verdicts depend on', async () => {
    const from = engine.received.length;
    const vm = observedVm(1, { state: 'paused', claims: { tenant: 'acme', tags: { tier: 'web' } } });
    engine.send({
      type: 'vm',
      vm: { ...vm, vnics: vm.vnics.map((v) => ({ ...v, claims: { ...v.claims, network: 'prod' } })) },
    });
    await until('paused', async () => (await person.client.getVm({ params: { id: vm.id } })).state === 'paused');
    await group('unused', 'nobody=has');
    const tenant = await person.client.createTenant({ body: { name: 'late' } });
    await until('the tenant', () => engine.intent()?.tenants.some(({ id }) => id === tenant.id));
    const patches = engine.received.slice(from).flatMap((m) => (m.type === 'intent.patch' ? [m.patch] : []));
    assert.ok(patches.every(({ vnics, rules }) => vnics.upsert.length + rules.upsert.length === 0));
  });

  it('tells what becomes of traffic, what is wrong with rules, and what groups may do, of the draft and as published', async () => {
    const rules = [
      ruleFrom([web], [app], { name: 'one' }),
      ruleFrom([web], [app], { name: 'the same again' }),
      ruleFrom([], [], { name: 'all of it', from: peer([], ['0.0.0.0/0']), to: peer([app]), services: [], log: false }),
    ];
    const { id } = await person.client.createPolicy({ body: { ...input, name: 'analysed', order: 0, rules } });
    const findings = (await person.client.analysePolicy({ query: {} })).items.filter(
      ({ rule }) => rule.policyId === id,
    );
    const told = findings.map(({ rule, code, reason, others }) => [rule.name, code, reason, others[0]?.name]);
    assert.deepEqual(told, [
      ['one', 'redundant', 'rules', 'the same again'],
      ['the same again', 'shadowed', 'same', 'one'],
      ['all of it', 'contradictory', 'order', 'new'],
      ['all of it', 'over-permissive', 'every-service', undefined],
      ['all of it', 'missing-log', 'from-anywhere', undefined],
    ]);
    const asked = { from: 'web', to: 'group:app', service: 'tcp/8080' };
    const [reach] = (await person.client.reachPolicy({ query: asked })).items;
    assert.deepEqual([reach?.verdict, reach?.rule?.name, reach?.services], ['allow', 'one', ['ipv4 tcp/8080']]);
    assert.deepEqual([reach?.witness.port, reach?.from.vms.length, reach?.network.name], [8080, 2, 'prod']);
    const before = await person.client.reachPolicy({ query: { ...asked, of: 'published' } });
    assert.ok(before.items.every(({ rule }) => rule?.policyId !== id));
    const { groups, items } = await person.client.policyMatrix({ query: { groups: 'web,app' } });
    assert.deepEqual(
      items.map(({ from, to, allowed }) => `${groups[from]?.name} ${groups[to]?.name} ${allowed}`),
      ['web web something', 'web app everything', 'app web something', 'app app apart'],
    );
    const query = { from: 'nobody knows it', to: 'app' };
    await assert.rejects(person.client.reachPolicy({ query }), codeIs('invalid-request'));
    await assert.rejects(
      person.client.reachPolicy({ query: { ...asked, service: 'tcp/ssh' } }),
      codeIs('invalid-request'),
    );
    await person.client.deletePolicy({ params: { id } });
  });

  it('goes on after a removed policy, and remembers who published what', async () => {
    const { items } = await person.client.listPolicies({ query: {} });
    for (const { id } of items) await person.client.deletePolicy({ params: { id } });
    const draft = await person.client.listPolicies({ query: {} });
    assert.ok(draft.items.every(({ change }) => change === 'removed'));
    await publish();
    assert.equal((await person.client.listPolicies({ query: {} })).total, 0);
    await until('no rule of a person', () => engine.intent()?.rules.every(({ num }) => num < FIRST_RULE_NUM));
    const revisions = (await person.client.listRevisions({ query: {} })).items;
    assert.deepEqual(
      revisions.map(({ revision, publishedBy }) => [revision, publishedBy]),
      [
        [3, 'admin'],
        [2, 'admin'],
        [1, 'admin'],
      ],
    );
    await person.client.deleteGroup({ params: { id: web } });
  });

  it('takes schedules and named services to hosts with the rules that name them, also when only they change', async () => {
    const { client } = person;
    const hours = { zone: 'Asia/Shanghai', windows: [{ days: ['mon' as const], from: '09:00', to: '18:00' }] };
    const schedule = await client.createSchedule({ body: { name: 'office', description: '', ...hours } });
    assert.ok(schedule.nextChange !== null);
    const own = await client.createNamedService({
      body: { name: 'shop', description: '', services: [{ protocol: 'tcp', ports: ['8443'] }] },
    });
    const [ssh] = (await client.listNamedServices({ query: { q: 'ssh' } })).items.filter(({ name }) => name === 'ssh');
    assert.ok(ssh?.builtIn);
    const named = { services: [], scheduleId: schedule.id, namedServiceIds: [ssh.id, own.id] };
    const policy = {
      name: 'hours',
      description: '',
      tier: 'platform' as const,
      tenantId: null,
      order: 7,
      enabled: true,
    };
    const { id } = await client.createPolicy({ body: { ...policy, rules: [ruleFrom([], [], named)] } });
    await publish();
    const ports = () => engine.intent()?.rules[0]?.services.map((service) => service.ports?.first);
    await until('its ports', () => JSON.stringify(ports()) === '[22,8443]');
    assert.equal(engine.intent()?.rules[0]?.hours?.zone, 'Asia/Shanghai');

    const { name, description, services, revision } = own;
    const more = [...services, { protocol: 'udp' as const, ports: ['8443'] }];
    await client.updateNamedService({ params: { id: own.id }, body: { name, description, services: more, revision } });
    await until('the other port', () => ports()?.length === 3);
    await assert.rejects(client.deleteSchedule({ params: { id: schedule.id } }), codeIs('named-by-rule'));
    await assert.rejects(client.deleteNamedService({ params: { id: own.id } }), codeIs('named-by-rule'));
    await assert.rejects(client.deleteNamedService({ params: { id: ssh.id } }), codeIs('built-in'));
    await client.deletePolicy({ params: { id } });
    await publish();
    await client.deleteSchedule({ params: { id: schedule.id } });
    await client.deleteNamedService({ params: { id: own.id } });
  });

  it('shows a host that could not apply its intent', async () => {
    // Nothing is under way that the engine would confirm after it.
    await until('all of it is enforced', async () => (await status()).hosts[0]?.enforced);
    const { revision = 0 } = engine.intent() ?? {};
    engine.send({ type: 'applied', revision, policyRevision: 5, error: 'the switch is away', flows: 0, tookMs: 1 });
    await until('the error', async () => (await status()).hosts[0]?.error === 'the switch is away');
    assert.equal((await status()).hosts[0]?.enforced, false);
    assert.equal((await person.client.getOverview()).advice[0]?.code, 'apply-failed');
  });
});
