import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { documentJsonSchema } from '@hypervigil/interchange';
import type { RunningPlatform } from '@hypervigil/platform';
import {
  connectEngine,
  createScratch,
  enrol,
  type Scratch,
  signInFirst,
  startTestPlatform,
  type TestPerson,
} from '@hypervigil/platform/testing';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const DOCUMENT = `apiVersion: hypervigil/v1
kind: PolicySet
groups:
  - name: web
    tenant: acme
    selector: tier=web
  - name: db
    selector: tier=db
policies:
  - name: tiers
    tier: platform
    order: 10
    rules:
      - name: web asks db
        action: allow
        from: { groups: [web] }
        to: { groups: [db] }
        services:
          - { protocol: tcp, ports: [5432] }
      - name: nobody else
        action: deny
        to: { groups: [db] }
`;

describe('policy as files, on a real platform', () => {
  let scratch: Scratch;
  let platform: RunningPlatform;
  let person: TestPerson;
  let file: string;
  before(async () => {
    scratch = await createScratch();
    platform = await startTestPlatform(scratch, 'files');
    person = await signInFirst(platform);
    await person.client.createTenant({ body: { name: 'acme' } });
    const session = { url: platform.httpUrl, cookie: person.cookie };
    await writeFile(join(scratch.dir, 'session.json'), JSON.stringify(session));
    file = join(scratch.dir, 'policy.yaml');
  });
  after(async () => {
    await platform.stop();
    await scratch.remove();
  });

  /** Runs hv as people do. */
  function hv(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const env = { ...process.env, HV_SESSION_FILE: join(scratch.dir, 'session.json'), HV_LANG: 'en' };
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...args], { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  }
  const policy = async (verb: string, ...args: string[]) => hv('policy', verb, '-f', file, ...args);
  /** What hv wrote, without the owner that each rule has got: whoever applied it. */
  const exported = async () => {
    const { out } = await hv('policy', 'export');
    assert.match(out, / {8}owner: admin\n/);
    return out.replaceAll(/ {8}owner: admin\n/g, '');
  };
  const ruleIds = async () => {
    const { items } = await person.client.listPolicies({ query: {} });
    return Object.fromEntries(items.flatMap(({ rules }) => rules.map(({ name, id, num }) => [name, `${id} ${num}`])));
  };

  it('plans what is to come, applies and publishes it, and finds nothing to do then', async () => {
    await writeFile(file, DOCUMENT);
    const plan = await policy('plan');
    assert.equal(plan.code, 0, plan.err);
    assert.match(plan.out, /^\+ group web\n {4}\+ name: web\n {4}\+ tenant: acme\n/);
    assert.match(plan.out, /\+ rule 1 web asks db\n {8}\+ action: allow\n {8}\+ from\.groups: \[web\]/);
    assert.match(plan.out, /3 to create, 0 to change, 0 to delete/);
    assert.equal((await person.client.getPolicyStatus()).draftRevision, 0, 'a plan changes nothing');

    const applied = await policy('apply', '--publish', '--comment', 'from git');
    assert.equal(applied.code, 0, applied.err);
    assert.match(applied.out, /✓ group web created\n.*\n✓ policy tiers created\nPublished as revision 1\./);
    assert.equal((await person.client.listRevisions({ query: {} })).items[0]?.comment, 'from git');

    assert.match((await policy('plan')).out, /^No changes/);
    const again = await policy('apply', '--publish');
    assert.match(again.out, /^No changes.*\nPublished as revision 1\.\n$/);
    assert.equal(await exported(), await readFile(file, 'utf8').then(sortedGroups));
  });

  it('keeps the ids and numbers of rules that stay, wherever they stand', async () => {
    const before = await ruleIds();
    const swapped = DOCUMENT.replace('action: deny', 'action: pass').replace('[5432]', '[5432, 6432]');
    const [head = '', first = '', second = ''] = swapped.split(/(?= {6}- name)/);
    await writeFile(file, head + second + first);
    const plan = await policy('plan');
    assert.match(plan.out, /~ policy tiers\n {4}~ rule 1 nobody else \(was 2\)\n {8}~ action: deny → pass\n/);
    assert.match(plan.out, /~ rule 2 web asks db\n {8}~ services: .*5432.* → .*6432/);
    const applied = JSON.parse((await policy('apply', '--json')).out);
    assert.deepEqual(applied, {
      changes: [{ kind: 'policy', action: 'update', name: 'tiers', outcome: 'done' }],
      publishedRevision: null,
    });
    assert.deepEqual(await ruleIds(), before);
    assert.equal((await person.client.getPolicyStatus()).publishedRevision, 1, 'the draft alone was changed');
  });

  it('refuses a draft that is not the one that was looked at, and what others left in it', async () => {
    const { draftRevision } = JSON.parse((await policy('plan', '--json')).out);
    const other = {
      name: 'other',
      description: '',
      tier: 'baseline' as const,
      tenantId: null,
      order: 1,
      enabled: true,
    };
    const { id } = await person.client.createPolicy({ body: { ...other, rules: [] } });
    const stale = await policy('apply', '--draft-revision', String(draftRevision));
    assert.equal(stale.code, 2);
    assert.match(stale.err, /^The draft is at revision \d+ now/);

    const published = await policy('apply', '--publish');
    assert.equal(published.code, 2);
    assert.match(published.err, /what others left in the draft: other\./);
    assert.equal((await policy('apply', '--publish', '--with-others')).code, 0);
    assert.equal((await person.client.getPolicyStatus()).publishedRevision, 2);
    await person.client.deletePolicy({ params: { id } });
    await policy('apply', '--publish', '--with-others');
  });

  it('deletes only when asked, and a group not before what is published lets it go', async () => {
    const [head = ''] = DOCUMENT.split('  - name: db');
    await writeFile(file, head);
    assert.match((await policy('plan')).out, /^No changes/);
    assert.match((await policy('plan', '--prune')).out, /- policy tiers\n\n- group db\n\n0 to create, 0 to change, 2/);
    const left = await policy('apply', '--prune');
    assert.match(left.out, /✓ policy tiers deleted\n! group db stays/);
    const gone = await policy('apply', '--prune', '--publish');
    assert.match(gone.out, /✓ group db deleted\nPublished as revision 4\./);
    assert.match((await policy('plan', '--prune')).out, /^No changes/);
  });

  it("plans the guide's document, and writes it as the guide shows it", async () => {
    const guide = await readFile(new URL('../../../docs/guides/policy-as-code.md', import.meta.url), 'utf8');
    const [, document = ''] = guide.match(/```yaml\n([^`]*)```/) ?? [];
    const withoutVms = document.replace(/ {4}vms: .*\n/, '');
    assert.notEqual(withoutVms, document);
    await writeFile(file, withoutVms);
    assert.equal((await policy('apply', '--prune', '--publish')).code, 0);
    assert.equal(await exported(), withoutVms);
    await writeFile(file, document);
    assert.match((await policy('plan')).err, /There is no VM called "db-1"/);
  });

  it('keeps what a rule that inspects says of its gateways', async () => {
    const size = { perHost: 1, vcpus: 1, memoryMiB: 320, detect: false };
    await person.client.createGatewayGroup({ body: { name: 'edge', description: '', tenantId: null, ...size } });
    const inspecting = 'action: inspect\n        inspect: { gatewayGroup: edge, onFailure: open }';
    await writeFile(file, DOCUMENT.replace('action: allow', inspecting));
    const applied = await policy('apply', '--prune', '--publish');
    assert.equal(applied.code, 0, applied.err);
    await writeFile(file, await exported());
    assert.match((await policy('plan', '--prune')).out, /^No changes/);
    await writeFile(file, DOCUMENT.replace('action: allow', inspecting.replace('edge', 'egde')));
    assert.match((await policy('plan')).err, /inspect\.gatewayGroup: There is no group of gateways called "egde"/);
  });

  it('makes, changes and deletes schedules and services with the policies that name them', async () => {
    const defined = `schedules:
  - name: office hours
    zone: Asia/Shanghai
    windows:
      - { days: [mon, fri], from: 08:30, to: 18:00 }
services:
  - name: ledger
    services:
      - { protocol: tcp, ports: [7000] }
`;
    const naming = DOCUMENT.replace('groups:', `${defined}groups:`).replace(
      / {8}services:\n.*\n/,
      '        schedule: office hours\n        namedServices: [ledger, ssh]\n',
    );
    await writeFile(file, naming);
    const applied = await policy('apply', '--prune', '--publish');
    assert.match(applied.out, /✓ schedule office hours created\n✓ service ledger created\n/, applied.err);
    const text = await exported();
    assert.ok(text.includes(defined), text);
    await writeFile(file, text);
    assert.match((await policy('plan', '--prune')).out, /^No changes/);
    await writeFile(file, naming.replace('18:00', '19:00').replace('[7000]', '[7001]'));
    assert.match((await policy('apply')).out, /✓ schedule office hours changed\n✓ service ledger changed\n/);
    const empty = `${DOCUMENT.slice(0, DOCUMENT.indexOf('groups:'))}schedules: []\nservices: []\n`;
    await writeFile(file, empty + DOCUMENT.slice(DOCUMENT.indexOf('groups:')));
    const gone = await policy('apply', '--prune', '--publish');
    assert.match(gone.out, /✓ service ledger deleted\n✓ schedule office hours deleted\n/, gone.err);
  });

  it('makes, changes and deletes address sets, groups of gateways, and limits of vNICs and rules', async () => {
    const defined = `addressSets:
  - name: partners
    entries: [192.0.2.0/24, 198.51.100.10 - 198.51.100.20]
    excluded: [192.0.2.13]
`;
    const gateways = `gatewayGroups:
  - name: border
    perHost: 2
    vcpus: 1
    memoryMiB: 512
    detect: true
`;
    const limits = `limits:
  - name: acme
    tenants: [acme]
    open: 20000
  - name: everybody
    newOut: { perSecond: 100, burst: 300 }
`;
    const rule = '        to: { groups: [db], addressSets: [partners] }\n';
    const limited = '        limits: { newConnections: { perSecond: 20 }, open: 500 }\n';
    const naming = DOCUMENT.replace('groups:', `${defined}${gateways}groups:`)
      .replace('        to: { groups: [db] }\n', rule)
      .replace('      - name: nobody else', `${limited}      - name: nobody else`);
    await writeFile(file, naming + limits);
    const applied = await policy('apply', '--prune', '--publish');
    assert.match(
      applied.out,
      /✓ address set partners created\n✓ gateway group border created\n[\s\S]*✓ limit acme created\n✓ limit everybody created\n/,
      applied.err,
    );
    const text = await exported();
    for (const part of [defined, gateways, limits, rule, limited]) assert.ok(text.includes(part), text);
    await writeFile(file, text);
    assert.match((await policy('plan', '--prune')).out, /^No changes/);
    const many = Array.from({ length: 30 }, (_, n) => `203.0.113.${n}`);
    const grown = naming.replace('perHost: 2', 'perHost: 2\n    maxPerHost: 4');
    await writeFile(file, grown.replace('192.0.2.0/24', many.join(', ')) + limits.replace('20000', '30000'));
    const plan = (await policy('plan', '--prune')).out;
    assert.match(
      plan,
      /~ address set partners\n {4}~ entries: \+ \[203\.0\.113\.0, .*, … 30\] - \[192\.0\.2\.0\/24\]\n/,
    );
    assert.match(plan, /~ gateway group border\n {4}[~+] maxPerHost: .*4\n/);
    assert.match(plan, /~ limit acme\n {4}~ open: 20000 → 30000\n/);
    await writeFile(file, naming.replace('192.0.2.0/24', '192.0.2.0/33') + limits.replace('acme]', 'acne]'));
    const wrong = (await policy('plan')).err;
    assert.match(wrong, /:5:15: addressSets\.0\.entries\.0: /);
    assert.match(wrong, /limits\.0\.tenants\.0: There is no tenant called "acne"/);
    const without = DOCUMENT.replace('groups:', 'addressSets: []\ngatewayGroups: []\nlimits: []\ngroups:');
    await writeFile(file, without);
    const gone = await policy('apply', '--prune', '--publish');
    assert.match(
      gone.out,
      /✓ limit acme deleted\n[\s\S]*✓ gateway group border deleted\n✓ address set partners deleted\n/,
      gone.err,
    );
  });

  it('imports from elsewhere into a document that can be applied, and reports what did not fit', async () => {
    const source = join(scratch.dir, 'router.rules');
    await writeFile(
      source,
      '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i eth0 -j DROP\n-A FORWARD -p tcp --dport 22 -j ACCEPT\n',
    );
    const imported = await hv('policy', 'import', '--from', 'iptables', source);
    assert.equal(
      imported.err,
      `! ${source}:3: not mapped: rules have no interfaces (eth0); name the addresses or groups behind it\n` +
        '      -A FORWARD -i eth0 -j DROP\n' +
        '2 mapped, 0 approximated, 1 not mapped. Those with ! (1) may allow what was denied: look at them first.\n',
    );
    await writeFile(file, imported.out);
    assert.match((await policy('apply')).out, /✓ policy iptables FORWARD created/);
    assert.match((await policy('plan')).out, /^No changes/);
    const chinese = await hv('policy', 'import', '--from', 'iptables', '--lang', 'zh', source);
    assert.match(chinese.err, /未对应：规则没有接口/);
    assert.match((await hv('policy', 'import', '--from', 'cisco', source)).err, /--from takes: .*openstack/);
  });

  it('keeps assertions with the policies that they are about', async () => {
    const only = '  - { name: only web asks, kind: only, from: { groups: [web] }, to: { groups: [db] }, owner: dba }\n';
    await writeFile(file, `apiVersion: hypervigil/v1\nkind: PolicySet\nassertions:\n${only}`);
    const applied = await policy('apply');
    assert.equal(applied.code, 0, applied.err);
    assert.match(applied.out, /✓ assertion only web asks created\n/);
    assert.match((await policy('plan')).out, /^No changes/);
    assert.match((await hv('policy', 'export')).out, /assertions:\n {2}- name: only web asks\n {4}kind: only\n/);
    await writeFile(
      file,
      `apiVersion: hypervigil/v1\nkind: PolicySet\nassertions:\n${only.replace('only,', 'never,')}`,
    );
    assert.match((await policy('plan')).out, /~ assertion only web asks\n {4}~ kind: only → never\n/);
    assert.equal((await policy('apply')).code, 0);
    const { items } = await person.client.listAssertions({ query: {} });
    assert.deepEqual(
      items.map(({ name, kind, owner }) => [name, kind, owner]),
      [['only web asks', 'never', 'dba']],
    );
    for (const { id } of items) await person.client.deleteAssertion({ params: { id } });
  });

  it('puts a policy before another of its tier, by their names', async () => {
    const fields = {
      description: '',
      tier: 'emergency' as const,
      tenantId: null,
      order: 100,
      enabled: true,
      rules: [],
    };
    for (const name of ['last word', 'first word']) await person.client.createPolicy({ body: { ...fields, name } });
    const inTier = async () => {
      const { items } = await person.client.listPolicies({ query: {} });
      return items.flatMap(({ name, tier }) => (tier === 'emergency' ? [name] : []));
    };
    const moved = await hv('policy', 'move', 'first word', '--before', 'last word', '--json');
    assert.equal(moved.code, 0, moved.err);
    assert.equal(JSON.parse(moved.out).policies[0].name, 'first word');
    assert.deepEqual(await inTier(), ['first word', 'last word']);
    assert.equal((await hv('policy', 'move', 'first word')).code, 0);
    assert.deepEqual(await inTier(), ['last word', 'first word']);
    for (const { id, tier } of (await person.client.listPolicies({ query: {} })).items)
      if (tier === 'emergency') await person.client.deletePolicy({ params: { id } });
  });

  it('publishes and waits until hosts enforce it, or say why they cannot', async () => {
    const engine = await connectEngine(platform, await enrol(platform, person, 'h1'), { obedient: true });
    try {
      const published = await hv('policy', 'publish', '--comment', 'waiting', '--wait');
      assert.equal(published.code, 0, published.err);
      assert.match(published.out, /^Published as revision (\d+)\.\nh1 enforces it\.\nConfirmed by 1 of 1 hosts\.\n$/);
      const [{ host, state, confirmedAt }] = JSON.parse((await hv('policy', 'progress', '--json')).out).hosts;
      assert.deepEqual([host.name, state, typeof confirmedAt], ['h1', 'confirmed', 'string']);
      assert.match(
        (await hv('policy', 'observe')).out,
        /Confirmed by 1 of 1 hosts\.\nNothing is recorded of the time before/,
      );
      const back = JSON.parse((await hv('policy', 'rollback', '--json')).out);
      assert.equal(back.publishedRevision, Number(/\d+/.exec(published.out)![0]) + 1);
    } finally {
      engine.close();
    }
    const deaf = await connectEngine(platform, await enrol(platform, person, 'h2'));
    try {
      deaf.socket.on('message', () => {
        const { revision, policyRevision } = deaf.intent() ?? {};
        if (revision === undefined || policyRevision === undefined) return;
        deaf.send({ type: 'applied', revision, policyRevision, error: 'too many flows', flows: 0, tookMs: 1 });
      });
      const refused = await hv('policy', 'publish', '--wait');
      assert.equal(refused.code, 2, refused.out);
      assert.match(refused.out, /h2 refused it and keeps what it had: too many flows/);
      assert.match(refused.err, /is published, and h2 could not apply it/);
    } finally {
      deaf.close();
    }
  });

  it('says every mistake with its line, in both languages, and changes nothing', async () => {
    await writeFile(file, DOCUMENT.replace('tenant: acme', 'tenant: acne').replace('[db]', '[bd]'));
    const english = await policy('apply');
    assert.equal(english.code, 2);
    assert.equal(
      english.err,
      `${file}:5:5: groups.0.tenant: There is no tenant called "acne". Correct the name, or create it first.\n` +
        `${file}:17:24: policies.0.rules.0.to.groups.0: There is no group called "bd". Correct the name, or create it first.\n`,
    );
    await writeFile(file, DOCUMENT.replace('tier: platform', 'tier: tenant').replace('5432', '54320'));
    const chinese = await policy('plan', '--lang', 'zh');
    assert.equal(chinese.err, `${file}:11:5: policies.0.tier: 租户层级只用于租户的策略。\n`);
    assert.match((await hv('policy', 'plan')).err, /^Name the file/);
    assert.match((await policy('plan', '--prun')).err, /^There is no flag --prun here\. There are: .*--prune/);
  });
});

const sortedGroups = (text: string) => {
  const [head, web, db, rest] = text.split(/(?= {2}- name: (?:web|db)\n)|(?=policies:)/);
  return `${head}${db}${web}${rest}`;
};

it('the committed schema is the one that hv reads with (./hv policy schema > docs/reference/policy-set.schema.json)', async () => {
  const committed = await readFile(new URL('../../../docs/reference/policy-set.schema.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(committed), JSON.parse(JSON.stringify(documentJsonSchema())));
});
