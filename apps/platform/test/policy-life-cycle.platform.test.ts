import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RuleInput } from '@hypervigil/contract';
import { type AssertionEnd, Peer } from '@hypervigil/model';
import pino from 'pino';
import { createAnalyst } from '../src/analysis/analyst.ts';
import type { Mirror } from '../src/intent/mirror.ts';
import { createTurnWatch } from '../src/policy/turns.ts';
import { openDatabase } from '../src/state/database.ts';
import {
  observedVm,
  startTestCloudWithHost,
  type TestCloudWithHost,
  type TestEngine,
  until,
} from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const peer = (groupIds: string[] = []) => Peer.parse({ groupIds });
const end = (part: Partial<AssertionEnd> = {}): AssertionEnd => ({
  vmIds: [],
  groupIds: [],
  tenantIds: [],
  cidrs: [],
  outside: false,
  ...part,
});
const ssh = { protocol: 'tcp' as const, ports: ['22'] };
const rule = (name: string, from: string[], to: string[], change: object = {}): RuleInput =>
  RuleInput.parse({
    name,
    enabled: true,
    action: 'allow',
    from: peer(from),
    to: peer(to),
    services: [ssh],
    log: true,
    comment: '',
    ...change,
  });
/** The platform looks at assertions again in its own time, after a look that took long later. */
const LOOK_MS = 120_000;

interface Body {
  code: string;
  problems: { field: string; code: string; message: string; params: Record<string, unknown> }[];
}
/** The body of the error that a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<Body> {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (reason: { body?: Body }) => reason,
  );
  return error.body ?? assert.fail(String(error));
}

/** Three VMs of one tenant on one network, a group each: web (also tagged admin), app and db. */
describe('the life of a policy', () => {
  let cloud: TestCloudWithHost;
  let engine: TestEngine;
  const groups: Record<string, string> = {};
  const client = () => cloud.person.client;
  before(async () => {
    cloud = await startTestCloudWithHost('life-cycle');
    engine = cloud.engine;
    engine.send(inventory(...['web', 'app', 'db'].map((tier, n) => claimed(n + 1, 'acme', { tier }))));
    await until('the VMs', async () => (await client().listVms({ query: {} })).total === 3);
    for (const name of ['web', 'app', 'db']) {
      const body = { name, description: '', tenantId: null, vmIds: [], selector: `tier=${name}` };
      groups[name] = (await client().createGroup({ body })).id;
    }
  });
  after(() => cloud?.stop());
  const status = () => client().getPolicyStatus();
  const publish = async (change: object = {}) =>
    client().publishPolicy({ body: { draftRevision: (await status()).draftRevision, ...change } });
  const policy = (name: string, rules: RuleInput[]) => ({
    name,
    description: '',
    tier: 'platform' as const,
    tenantId: null,
    order: 1,
    enabled: true,
    rules,
  });

  describe('assertions', () => {
    const onlyWeb = () => ({
      name: 'Only web administers db',
      kind: 'only' as const,
      from: end({ groupIds: [groups['web']!] }),
      to: end({ groupIds: [groups['db']!] }),
      services: [ssh],
    });

    it('block a publishing that breaks one, with a packet in words', async () => {
      await client().createPolicy({
        body: policy('base', [
          rule('web to db', [groups['web']!], [groups['db']!]),
          // Groups have the addresses that are known of their VMs; link-local ones are nobody's but everybody's.
          rule('nobody else', [], [], { action: 'deny' }),
        ]),
      });
      await client().createAssertion({ body: onlyWeb() });
      const { items } = await client().checkAssertions({ query: {} });
      assert.deepEqual([items.length, items[0]?.state], [1, 'holds']);
      await publish({ comment: 'first' });

      const bad = await client().createPolicy({
        body: { ...policy('bad', [rule('app to db', [groups['app']!], [groups['db']!])]), order: 0 },
      });
      const { code, problems } = await refusal(publish());
      assert.equal(code, 'assertion-violated');
      assert.equal(
        problems[0]?.message,
        'Only web administers db would not hold: vm-00002 (10.0.0.2) reaches vm-00003 (10.0.0.3) on tcp/22, by the rule app to db of bad.',
      );
      assert.equal((await status()).publishedRevision, 1);
      const chinese = await cloud.person.fetch('/api/v1/policy/publish', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'accept-language': 'zh' },
        body: JSON.stringify({ draftRevision: (await status()).draftRevision }),
      });
      const body = (await chinese.json()) as Body;
      assert.match(body.problems[0]!.message, /vm-00002 \(10\.0\.0\.2\) 可以通过 tcp\/22 访问 vm-00003/);
      await client().deletePolicy({ params: { id: bad.id } });
    });

    it('say what a draft breaks that is published with a reason, which is kept', async () => {
      const bad = await client().createPolicy({
        body: { ...policy('bad', [rule('app to db', [groups['app']!], [groups['db']!])]), order: 0 },
      });
      await publish({ override: 'the database is being moved' });
      const audit = await client().listAudit({ query: { q: 'assertions.overridden' } });
      assert.deepEqual(audit.items[0]?.params, {
        reason: 'the database is being moved',
        violated: ['Only web administers db'],
      });
      const advised = async () =>
        (await client().getOverview()).advice.find((one) => one.code === 'assertion-violated');
      assert.equal((await until('advice', advised, LOOK_MS)).params['assertion'], 'Only web administers db');
      await client().deletePolicy({ params: { id: bad.id } });
      await publish();
      await until('no advice', async () => (await advised()) === undefined, LOOK_MS);
    });

    it('are looked at again when a group changes, without anybody publishing', async () => {
      const found = await client().getGroup({ params: { id: groups['web']! } });
      const { memberIds: _, id: __, num: ___, changedAt: ____, ...fields } = found;
      const [assertion] = (await client().listAssertions({ query: {} })).items;
      const { state: _s, violation: _v, checkedAt: _c, changedAt: _a, id, ...kept } = assertion!;
      // Web is meant as the one VM now, and the group that the rule names comes to hold another.
      const body = { ...kept, from: end({ vmIds: [observedVm(1).id] }) };
      await client().updateAssertion({ params: { id }, body });
      const holds = async () => (await client().getAssertion({ params: { id } })).state;
      await until('it holds', async () => (await holds()) === 'holds', LOOK_MS);
      const params = { id: groups['web']! };
      const grown = await client().updateGroup({ params, body: { ...fields, vmIds: [observedVm(2).id] } });
      await until('it does not hold', async () => (await holds()) === 'violated', LOOK_MS);
      await client().updateGroup({ params, body: { ...fields, revision: grown.revision } });
      await until('it holds again', async () => (await holds()) === 'holds', LOOK_MS);
    });

    it('that speak of nobody are called void, and keep what they name from being deleted', async () => {
      const empty = { name: 'empty', description: '', tenantId: null, vmIds: [] };
      const { id } = await client().createGroup({ body: empty });
      const body = { name: 'Speaks of nobody', kind: 'never' as const, from: end({ groupIds: [id] }), to: end() };
      const made = await client().createAssertion({ body });
      const { items } = await client().checkAssertions({ query: { of: 'published' } });
      assert.equal(items.find(({ assertion }) => assertion.id === made.id)?.state, 'void');
      assert.equal((await refusal(client().deleteGroup({ params: { id } }))).code, 'named-by-assertion');
      await client().deleteAssertion({ params: { id: made.id } });
      await client().deleteGroup({ params: { id } });
      const unknown = client().createAssertion({ body: { ...body, name: 'x' } });
      assert.equal((await refusal(unknown)).problems[0]?.field, 'from.groupIds.0');
    });
  });

  describe('revisions', () => {
    it('are compared: rules, and what gets through, in the words of groups', async () => {
      const { publishedRevision } = await status();
      const query = { before: '0', after: String(publishedRevision) };
      const { policies, reach, names, before, after } = await client().comparePolicies({ query });
      assert.deepEqual([before, after], [0, publishedRevision]);
      assert.deepEqual(
        policies.map(({ action, name, rules }) => [action, name, rules.map((one) => [one.action, one.name])]),
        [
          [
            'added',
            'base',
            [
              ['added', 'web to db'],
              ['added', 'nobody else'],
            ],
          ],
        ],
      );
      assert.equal(names[groups['web']!], 'web');
      // Before the first revision a tenant's VMs reached each other; now web reaches db on port 22 and nothing else does.
      assert.ok(reach.every(({ change }) => change === 'closed'));
      const other = await client().createPolicy({
        body: { ...policy('bad', [rule('app to db', [groups['app']!], [groups['db']!])]), order: 0 },
      });
      const opened = (await client().comparePolicies({ query: {} })).reach;
      assert.deepEqual(
        opened.map(({ change, from, to, services, after: by }) => ({
          change,
          from: from.groups.map(({ name }) => name),
          to: to.groups.map(({ name }) => name),
          services,
          by: by.rule?.name,
        })),
        // Their addresses, and the link-local ones.
        ['ipv4 tcp/22', 'ipv6 tcp/22'].map((service) => ({
          change: 'opened',
          from: ['app'],
          to: ['db'],
          services: [service],
          by: 'app to db',
        })),
      );
      await client().deletePolicy({ params: { id: other.id } });
      const same = await client().comparePolicies({ query: {} });
      assert.deepEqual([same.policies, same.reach], [[], []]);
      const { code } = await refusal(client().comparePolicies({ query: { before: '999' } }));
      assert.equal(code, 'not-found');
    });

    it('are restored into the draft, with the numbers that rules had', async () => {
      const [base] = (await client().listPolicies({ query: {} })).items;
      const { num: _, ...kept } = base!.rules[0]!;
      const body = { ...policy('renamed', [kept]), revision: base!.revision };
      await client().updatePolicy({ params: { id: base!.id }, body });
      await client().createPolicy({ body: policy('new', [rule('any', [], [])]) });
      await publish({ override: 'trying' });
      const { publishedRevision, draftRevision } = await status();
      const restored = await client().restorePolicy({ body: { revision: publishedRevision - 1, draftRevision } });
      assert.deepEqual([restored.changes, restored.skipped], [{ added: 0, changed: 1, removed: 1 }, []]);
      const again = await client().getPolicy({ params: { id: base!.id } });
      assert.deepEqual([again.name, again.rules.map(({ num }) => num)], ['base', base!.rules.map(({ num }) => num)]);
      await publish({ comment: 'back' });
      const query = { before: String(publishedRevision - 1), after: 'published' };
      assert.deepEqual((await client().comparePolicies({ query })).policies, []);
      const stale = client().restorePolicy({ body: { revision: 1, draftRevision } });
      assert.equal((await refusal(stale)).code, 'stale-revision');
    });
  });

  describe('edits of two people', () => {
    it('become one where they differ, and are refused where they clash, by rule and field', async () => {
      const made = await client().createPolicy({
        body: policy('shared', [rule('one', [groups['web']!], []), rule('two', [], [groups['db']!])]),
      });
      const params = { id: made.id };
      const inputs = made.rules.map(({ num: _, ...one }) => one);
      const { revision } = made;
      const first = [{ ...inputs[0]!, comment: 'first' }, inputs[1]!, rule('three', [], [])];
      await client().updatePolicy({ params, body: { ...policy('shared', first), revision } });
      const second = [inputs[0]!, { ...inputs[1]!, action: 'deny' as const }];
      const merged = await client().updatePolicy({ params, body: { ...policy('second', second), revision } });
      assert.deepEqual(
        [merged.name, merged.rules.map(({ name, comment, action }) => [name, comment, action])],
        [
          'second',
          [
            ['one', 'first', 'allow'],
            ['two', '', 'deny'],
            ['three', '', 'allow'],
          ],
        ],
      );
      const third = [{ ...inputs[0]!, comment: 'third' }, inputs[1]!];
      const clash = await refusal(client().updatePolicy({ params, body: { ...policy('shared', third), revision } }));
      assert.deepEqual(
        [clash.code, clash.problems.map(({ field, code, params: p }) => [field, code, p['rule']])],
        ['edit-conflict', [['rules.0.comment', 'rule-changed-meanwhile', 'one']]],
      );
      await client().discardDraft();
    });
  });

  it('a rule whose time is over is told of, once, by however many processes', async () => {
    const over = Date.parse('2026-03-01T12:00:00Z');
    const brief = rule('for a moment', [groups['web']!], [groups['app']!], { expiresAt: new Date(over).toISOString() });
    const body = { name: 'brief', description: '', tier: 'platform' as const, tenantId: null, order: 1, enabled: true };
    const policy = await client().createPolicy({ body: { ...body, rules: [brief] } });
    await client().deletePolicy({ params: { id: policy.id } });
    const rows = { policies: new Map([[policy.id, policy]]), schedules: new Map() };
    const mirror = { rows: (kind: keyof typeof rows) => rows[kind], onChange: () => undefined } as unknown as Mirror;
    const db = openDatabase({ connectionString: cloud.databaseUrl }, () => undefined, 2);
    let now = over - 1;
    const looks = [1, 2].map(() =>
      createTurnWatch({ db, mirror, clock: () => new Date(now) }, pino({ level: 'silent' })),
    );
    const turns = async () => (await client().listAudit({ query: { q: 'rules.turned' } })).items;
    for (const look of looks) await look();
    assert.deepEqual(await turns(), []);
    now = over + 60_000;
    for (const look of [...looks, ...looks]) await look();
    const [told, ...others] = await turns();
    assert.deepEqual([told?.actor, told?.subject], ['platform', `instant:${brief.expiresAt}`]);
    assert.deepEqual([told?.params, others], [{ began: [], ended: ['brief / for a moment'] }, []]);
    await db.destroy();
  });

  describe('analysis in its own thread', () => {
    const analystOf = (seconds: number) =>
      createAnalyst({
        connection: { connectionString: cloud.databaseUrl },
        logger: pino({ level: 'silent' }),
        limits: { seconds, mib: 256 },
      });
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      );

    it('ends a question with its time or with its asker, and answers the next', async () => {
      const hasty = analystOf(0.001);
      assert.equal(await codeOf(hasty.run('comparePolicies', { before: '0', after: 'draft' })), 'analysis-stopped');
      await hasty.close();
      const analyst = analystOf(60);
      const gone = new AbortController();
      const left = codeOf(analyst.run('analysePolicy', { of: 'draft', limit: 10, recorded: null }, gone.signal));
      const other = analyst.run('checkAssertions', { of: 'published' });
      gone.abort();
      assert.equal(await left, 'unavailable');
      assert.equal((await other).items.length, 1);
      const unknown = analyst.run('comparePolicies', { before: '999', after: 'draft' });
      assert.equal(await codeOf(unknown), 'not-found');
      await analyst.close();
      assert.equal(await codeOf(analyst.run('checkAssertions', { of: 'draft' })), 'unavailable');
    });
  });
});
