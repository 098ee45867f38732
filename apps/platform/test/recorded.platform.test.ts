import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApiError, type FlowRecord, type RuleInput } from '@hypervigil/contract';
import { ANYONE, type Policy, RULE_DEFAULTS } from '@hypervigil/model';
import pg from 'pg';
import { startTestCloudWithHost, type TestEngine, type TestPerson, until } from '../src/testing/index.ts';
import { claimed, inventory } from './two-hosts.ts';

const WEB = '10.0.0.1';
const APP = '10.0.0.2';
const DB = '10.0.0.3';
const DAY_MS = 86_400_000;

/** What recorded flows teach policy: three VMs of one tenant that have talked for days. */
describe('recorded flows', () => {
  let person: TestPerson;
  let stop: () => Promise<void>;
  let databaseUrl: string;
  let engine: TestEngine;
  let net: number;
  const groups: Record<string, string> = {};
  let batches = 0;

  before(async () => {
    ({ person, engine, stop, databaseUrl } = await startTestCloudWithHost('recorded'));
    engine.send(inventory(...['web', 'app', 'db'].map((tier, n) => claimed(n + 1, 'acme', { tier }))));
    await until('the VMs', async () => (await person.client.listVms({ query: {} })).total === 3);
    await until('their intent', () => engine.intent()?.vnics.length === 3);
    net = (await person.client.listNetworks({ query: { q: 'prod' } })).items[0]!.num;
    const { items: tenants } = await person.client.listTenants({ query: {} });
    for (const tier of ['web', 'app', 'db']) {
      const body = { name: tier, description: '', tenantId: tenants[0]!.id, vmIds: [], selector: `tier=${tier}` };
      groups[tier] = (await person.client.createGroup({ body })).id;
    }
  });
  after(() => stop?.());

  const peer = (...names: string[]) => ({ ...ANYONE, groupIds: names.map((name) => groups[name]!) });
  const ruleInput = (name: string, change: Partial<RuleInput> = {}): RuleInput => ({
    name,
    enabled: true,
    action: 'allow',
    from: peer(),
    to: peer(),
    services: [],
    ...RULE_DEFAULTS,
    ...change,
  });
  const policyInput = (name: string, rules: RuleInput[]) => ({
    name,
    description: '',
    tier: 'platform' as const,
    tenantId: null,
    order: 1,
    enabled: true,
    rules,
  });
  const publish = async () => {
    const { draftRevision } = await person.client.getPolicyStatus();
    return person.client.publishPolicy({ body: { draftRevision } });
  };

  /** `count` connections, each a minute before the one before it. */
  async function record(srcIp: string, dstIp: string, dstPort: number, change: Partial<FlowRecord> = {}, count = 1) {
    const batch = `b${++batches}`;
    const endMs = (change.endMs ?? Date.now()) - 1_000;
    const records = Array.from({ length: count }, (_, i) => ({
      key: `${batch} ${i}`,
      point: 'egress' as const,
      net,
      protocol: 6,
      srcIp,
      dstIp,
      srcPort: 40_000 + i,
      dstPort,
      srcMac: null,
      dstMac: null,
      icmpType: null,
      icmpCode: null,
      verdict: 'allow' as const,
      rule: 5,
      pending: null,
      inspection: null,
      revision: 0,
      bytes: 100,
      packets: 2,
      replyBytes: 50,
      replyPackets: 1,
      tcpFlags: 2,
      startMs: endMs - 500 - i * 60_000,
      ...change,
      endMs: endMs - i * 60_000,
    }));
    engine.send({ type: 'flows', batch, records, names: [], lost: 0 });
    await until('stored', () => engine.received.some((m) => m.type === 'flows.stored' && m.batch === batch));
  }

  it('a simulation tells which of them the draft would cut, by which rules, and nothing of what stays', async () => {
    await record(WEB, APP, 8080, {}, 3);
    await record(APP, DB, 5432, { endMs: Date.now() - 3 * DAY_MS }, 2);
    await record(WEB, DB, 5432, { verdict: 'deny', rule: 2 });
    await record('10.0.0.99', '198.51.100.1', 443);
    const untouched = await person.client.simulatePolicy({ query: {} });
    assert.deepEqual([untouched.items, untouched.cut.flows, untouched.seen.flows], [[], 0, 5]);
    assert.deepEqual(untouched.unplaced, { talks: 1, flows: 1, vms: 0 });

    const deny = ruleInput('db stays alone', { action: 'deny', to: peer('db') });
    const { id }: Policy = await person.client.createPolicy({ body: policyInput('db', [deny]) });
    const simulated = await person.client.simulatePolicy({ query: {} });
    assert.deepEqual(simulated.cut, { talks: 1, flows: 2, vms: 2 });
    assert.equal(simulated.opened.flows, 0);
    const [change] = simulated.items;
    assert.deepEqual(
      [change?.src.vm?.name, change?.dst.vm?.name, change?.port, change?.flows, change?.bytes],
      ['vm-00002', 'vm-00003', 5432, 2, 300],
    );
    assert.deepEqual([change?.before.verdict, change?.before.ruleNum, change?.before.rule], ['allow', 5, null]);
    assert.deepEqual([change?.after.verdict, change?.after.rule?.name], ['deny', 'db stays alone']);
    const today = await person.client.simulatePolicy({ query: { days: 1 } });
    assert.deepEqual([today.cut.flows, today.seen.flows], [0, 3]);

    await publish();
    assert.equal(
      (await person.client.simulatePolicy({ query: {} })).cut.flows,
      0,
      'published: nothing changes any more',
    );
    await person.client.deletePolicy({ params: { id } });
    assert.equal((await person.client.simulatePolicy({ query: {} })).opened.flows, 2);
    await publish();
  });

  it('hits stand beside each rule, also none; a rule that had its time and decided nothing is found', async () => {
    const rules = [
      ruleInput('web to app', { from: peer('web'), to: peer('app') }),
      ruleInput('app to web', { from: peer('app'), to: peer('web') }),
    ];
    const { id }: Policy = await person.client.createPolicy({ body: policyInput('tiers', rules) });
    const of = async () => (await person.client.listRuleHits({ query: { policyId: id } })).items;
    assert.deepEqual(
      (await of()).map(({ rule, flows, publishedAt }) => [rule.name, flows, publishedAt]),
      [
        ['web to app', 0, null],
        ['app to web', 0, null],
      ],
    );
    await publish();
    const [used] = await of();
    await record(WEB, APP, 8080, { rule: used!.rule.num, revision: 3 }, 4);
    const [hit, none] = await of();
    assert.deepEqual([hit?.flows, hit?.packets, hit?.bytes], [4, 12, 600]);
    assert.ok(hit?.lastAt && hit.publishedAt);
    assert.deepEqual([none?.flows, none?.lastAt], [0, null]);

    const findings = async () =>
      (await person.client.analysePolicy({ query: { of: 'published' } })).items.filter(({ observed }) => observed);
    assert.deepEqual(await findings(), [], 'they are too young');
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    await database.query("update rules set published_at = now() - interval '40 days'");
    await database.end();
    await record(WEB, APP, 8080, { rule: used!.rule.num, endMs: Date.now() - 35 * DAY_MS });
    const [unused, ...others] = await findings();
    assert.deepEqual([unused?.code, unused?.rule.name, unused?.observed?.days], ['unused', 'app to web', 30]);
    assert.deepEqual(others, []);
    await person.client.deletePolicy({ params: { id } });
    await publish();
  });

  it('a staged rule travels beside the others, and flows that it would decide otherwise are found by it', async () => {
    const rule = ruleInput('watched', { action: 'deny', staged: true, from: peer('web'), to: peer('app') });
    const { id, rules }: Policy = await person.client.createPolicy({ body: policyInput('watch', [rule]) });
    await publish();
    const [{ num, id: ruleId }] = rules as [Policy['rules'][number]];
    const intent = await until('the staged rule', () => {
      const held = engine.intent();
      return held?.staged.some((one) => one.num === num) ? held : undefined;
    });
    assert.ok(intent.rules.every((one) => one.num !== num));
    await record(WEB, APP, 9000, { pending: { verdict: 'deny', rule: num } });
    await record(WEB, APP, 9001, { pending: { verdict: 'allow', rule: num } });
    const { items } = await person.client.listFlows({ query: { pending: 'differs', pendingRuleNum: num } });
    assert.deepEqual(
      items.map(({ dst, verdict, pending }) => [dst.port, verdict, pending]),
      [[9000, 'allow', { verdict: 'deny', ruleNum: num, ruleId, policyId: id }]],
    );
    const { items: edges } = await person.client.listEdges({ query: { pendingRuleNum: num } });
    assert.deepEqual(edges.map(({ port, flows, pendingFlows }) => [port, flows, pendingFlows]).sort(), [
      [9000, 1, 1],
      [9001, 1, 0],
    ]);
    assert.match(
      await (await person.fetch('/api/v1/flows.csv?port=9000')).text(),
      new RegExp(`,deny,${num},${ruleId},`),
    );
    const [hit] = (await person.client.listRuleHits({ query: { policyId: id } })).items;
    assert.equal(hit?.flows, 2);

    const between = async (of: 'draft' | 'staged') =>
      (await person.client.reachPolicy({ query: { of, from: 'group:web', to: 'group:app' } })).items[0]?.verdict;
    assert.deepEqual([await between('draft'), await between('staged')], ['allow', 'deny']);
    await person.client.deletePolicy({ params: { id } });
    await publish();
  });

  it('a recommendation is the fewest rules that allow what was seen, and becomes a staged policy of the draft', async () => {
    await record(WEB, APP, 8080, { endMs: Date.now() - DAY_MS }, 3);
    await record('198.51.100.7', APP, 8080, {}, 5);
    await record(APP, WEB, 9999);
    const query = { groupId: groups['app']!, days: 7 };
    const found = await person.client.recommendPolicy({ query });
    const { tenantId, subject, outlierCounts } = found;
    assert.deepEqual([subject.name, subject.kind], ['app', 'group']);
    assert.deepEqual(
      found.rules.map(({ fromNames, toNames, services, name }) => [fromNames, toNames, services, name]),
      [
        [['198.51.100.7', 'web'].toReversed(), ['app'], [{ protocol: 'tcp', ports: ['8080'] }], 'web and 1 - app'],
        [['app'], ['db'], [{ protocol: 'tcp', ports: ['5432'] }], 'app - db'],
      ],
    );
    assert.ok(found.rules[0]!.evidence.days >= 2);
    assert.deepEqual(
      outlierCounts.map(({ reason, flows }) => [reason, flows]),
      [['once', 3]],
    );
    assert.deepEqual(found.outliers.map(({ port }) => port).sort(), [9000, 9001, 9999]);

    const policy = await person.client.applyRecommendation({ body: { ...query, to: found.to } });
    assert.deepEqual([policy.change, policy.tier, policy.tenantId], ['added', 'tenant', tenantId]);
    assert.deepEqual(
      policy.rules.map(({ name, from, to, staged, enabled }) => ({ name, from, to, staged, enabled })),
      found.rules.map(({ name, from, to }) => ({ name, from, to, staged: true, enabled: true })),
    );
    assert.match(policy.rules[0]!.comment, /connections on \d of \d days, by 2 of 2 VMs/);
    const again = await person.client.applyRecommendation({ body: { tenantId: tenantId!, days: 7 } });
    assert.notEqual(again.name, policy.name);
    const nobody = person.client.recommendPolicy({ query: {} });
    await assert.rejects(nobody, (error: { body?: { problems: { field: string }[] } }) =>
      Boolean(error.body?.problems.some(({ field }) => field === 'groupId')),
    );
    await person.client.discardDraft();
  });

  it('an observation tells what a revision denies that passed, by which rule, and which host refused; rolling back mends it', async () => {
    const observe = (query = {}) => person.client.observePolicy({ query });
    const rule = ruleInput('db is closed', { action: 'deny', to: peer('db') });
    await record(WEB, DB, 6000, { endMs: Date.now() - DAY_MS }, 2);
    await record(APP, DB, 6001, { verdict: 'deny', rule: 1, endMs: Date.now() - DAY_MS });
    const { rules }: Policy = await person.client.createPolicy({ body: policyInput('closed', [rule]) });
    const { publishedRevision: revision, draftRevision } = await publish();
    const quiet = await until('the confirmation', async () => {
      const seen = await observe();
      return seen.hosts[0]?.state === 'confirmed' ? seen : undefined;
    });
    assert.deepEqual([quiet.revision, quiet.items, quiet.firstHits, quiet.nextRevision], [revision, [], [], null]);
    assert.ok(quiet.from !== null && quiet.hosts[0]?.confirmedAt);

    const endMs = Date.now() + 1_000;
    await record(WEB, DB, 6000, { verdict: 'deny', rule: rules[0]!.num, revision, endMs }, 1);
    await record(APP, DB, 6001, { revision, endMs }, 1);
    const seen = await observe();
    assert.deepEqual([seen.denied, seen.allowed], Array(2).fill({ talks: 1, flows: 1, vms: 2 }));
    assert.deepEqual(
      seen.items.map(({ src, port, before, now }) => [
        src.vm?.name,
        port,
        [before.verdict, before.ruleNum],
        [now.verdict, now.rule?.name, now.revision],
      ]),
      [
        ['vm-00001', 6000, ['allow', 5], ['deny', 'db is closed', revision]],
        ['vm-00002', 6001, ['deny', 1], ['allow', undefined, revision]],
      ],
    );
    assert.deepEqual(
      seen.firstHits.map(({ rule, flows }) => [rule.name, flows]),
      [['db is closed', 1]],
    );
    await until('advice', async () =>
      (await person.client.getOverview()).advice.find(
        ({ code, params }) => code === 'newly-denied' && params['revision'] === revision && params['count'] === 1,
      ),
    );

    const refusal = {
      type: 'applied',
      policyRevision: revision,
      error: 'too many flows',
      flows: 0,
      tookMs: 1,
    } as const;
    engine.send({ ...refusal, revision: engine.intent()!.revision });
    const refused = await until('the refusal', async () => {
      const { hosts } = await person.client.getPublishProgress({ query: {} });
      return hosts[0]?.state === 'refused' ? hosts[0] : undefined;
    });
    assert.deepEqual([refused.error, refused.confirmedAt !== null], ['too many flows', true]);

    const { id } = await person.client.createPolicy({ body: policyInput('half-finished', []) });
    const early = person.client.rollBackPolicy({ body: { draftRevision: draftRevision + 1 } });
    await assert.rejects(early, (error: { body?: { code: string } }) => error.body?.code === 'draft-changed');
    await person.client.deletePolicy({ params: { id } });
    const back = await person.client.rollBackPolicy({ body: { draftRevision: draftRevision + 2 } });
    assert.deepEqual([back.publishedRevision, back.skipped], [revision + 1, []]);
    const [latest] = (await person.client.listRevisions({ query: {} })).items;
    assert.equal(latest?.comment, `Back to revision ${revision - 1}`);
    assert.deepEqual(back.changes, { added: 0, changed: 0, removed: 0 });
    const past = await observe({ revision: String(revision) });
    assert.deepEqual([past.nextRevision, past.denied.talks], [revision + 1, 1], 'what was seen in its time stays');
    const unknown = observe({ revision: '999' });
    await assert.rejects(unknown, (error: { body?: { code: string } }) => error.body?.code === 'not-found');
  });

  it('flows are found, grouped and written out by what people ask in the language of filters', async () => {
    await record(WEB, APP, 7001, { bytes: 2_000_000 }, 2);
    // Of what is forged the address tells whose it is not: its sender is known by the MAC.
    const srcMac = claimed(1, 'acme').vnics[0]!.mac;
    await record(WEB, DB, 7001, { bytes: 500, verdict: 'deny', rule: 2, srcMac });
    await record(APP, DB, 7002, { endMs: Date.now() - 3 * DAY_MS });
    const list = async (filter: string) => {
      const { items } = await person.client.listFlows({ query: { filter } });
      return items.map(({ src, dst, verdict }) => `${src.ip} ${dst.ip} ${verdict}`);
    };
    const asked = 'src.vm = vm-00001 and dst.port = 7001 and';
    assert.deepEqual(await list(`${asked} bytes > 1MB`), Array(2).fill(`${WEB} ${APP} allow`));
    assert.deepEqual(await list(`${asked} not verdict = allow`), [`${WEB} ${DB} deny`]);
    assert.deepEqual(await list(`${asked} rule = anti-spoof and dst.ip in (10.0.0.3/32)`), [`${WEB} ${DB} deny`]);
    // Without a time, the last hour; a filter that speaks of it has the word.
    assert.deepEqual([await list('port = 7002'), (await list('port = 7002 and time > -4d')).length], [[], 1]);
    const { items, total } = await person.client.topFlows({
      query: { filter: 'port = 7001', groupBy: 'dst.vm', thenBy: 'verdict', order: 'flows' },
    });
    assert.deepEqual(
      items.map(({ names, values, flows }) => [names[0], values[1], flows]),
      [
        ['vm-00002', 'allow', 2],
        ['vm-00003', 'deny', 1],
      ],
    );
    assert.deepEqual([total.groups, total.flows], [2, 3]);
    const { points } = await person.client.flowSeries({ query: { filter: 'port = 7001 and bytes < 1kB' } });
    assert.deepEqual(
      points.reduce((sum, point) => [sum[0]! + point.allowFlows, sum[1]! + point.denyFlows], [0, 0]),
      [0, 1],
    );
    const file = async (form: string) =>
      (await person.fetch(`/api/v1/flows.${form}?filter=${encodeURIComponent('port = 7001')}`)).arrayBuffer();
    const lines = Buffer.from(await file('jsonl'))
      .toString()
      .trimEnd()
      .split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).dst.port),
      [7001, 7001, 7001],
    );
    assert.equal(
      Buffer.from(await file('parquet'))
        .subarray(0, 4)
        .toString(),
      'PAR1',
    );
  });

  it('a filter that cannot be read is refused at its place', async () => {
    const problem = async (filter: string) => {
      const error = await person.client.listFlows({ query: { filter } }).then(
        () => assert.fail('it was read'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ApiError)) throw error;
      const [{ field, code, params } = assert.fail('no problem')] = error.body.problems;
      return [field, code, ...Object.values(params)];
    };
    assert.deepEqual(await problem('src.tenat = acme'), ['filter', 'flow-query-field', 1, 'src.tenat', 'src.tenant']);
    const unknown = await problem('src.vm = vm-0000x');
    assert.deepEqual(unknown.slice(0, 5), ['filter', 'flow-query-name', 10, 'vm', 'vm-0000x']);
    assert.deepEqual(await problem('time > -1h and time < -2h'), ['filter', 'ends-before']);
  });
});
