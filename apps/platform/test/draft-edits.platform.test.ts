import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApiError, type DraftPolicy, ruleInput, withDraftChanges } from '@hypervigil/contract';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { codeIs, startTestCloud, type TestCloud } from '../src/testing/index.ts';

/** No host is needed: what is written is not enforced yet. */
describe('the draft', () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud('draft-edits');
  });
  after(() => cloud?.stop());

  const publish = async () => {
    const { client } = cloud.person;
    const { draftRevision } = await client.getPolicyStatus();
    return client.publishPolicy({ body: { draftRevision } });
  };
  const input = { name: 'tiers', description: '', tier: 'platform' as const, tenantId: null, order: 1, enabled: true };
  const rule = (name: string) => ({
    ...{ ...RULE_DEFAULTS, name, enabled: true, action: 'allow' as const, from: ANYONE, to: ANYONE },
    services: [{ protocol: 'tcp' as const, ports: ['8080'] }],
  });

  it('moves a rule within its policy and into another of its tier, and it stays the same rule', async () => {
    const { client } = cloud.person;
    const make = (name: string, tier: 'platform' | 'baseline', rules: string[]) =>
      client.createPolicy({
        body: { ...input, name, tier, rules: rules.map(rule) },
      });
    const near = await make('near', 'platform', ['a', 'b', 'c']);
    const far = await make('far', 'platform', ['d']);
    const low = await make('low', 'baseline', ['e']);
    await publish();
    const [a, b, c] = near.rules as [Rule, Rule, Rule];
    const namesIn = async (id: string) => (await client.getPolicy({ params: { id } })).rules.map(({ name }) => name);
    const move = (id: string, policyId: string, before?: string) =>
      client.moveRule({ params: { id }, body: { policyId, ...(before !== undefined && { before }) } });

    const { policies: within } = await move(c.id, near.id, a.id);
    assert.deepEqual(
      within.map(({ placed, ruleChanges }) => [placed.map(({ rule, before }) => [rule.name, before]), ruleChanges]),
      [[[['c', a.id]], { [c.id]: 'moved' }]],
    );
    const { policies: across } = await move(a.id, far.id);
    assert.deepEqual(
      across.map(({ name, removed, placed }) => [name, removed, placed.map(({ rule }) => [rule.name, rule.num])]),
      [
        ['near', [a.id], []],
        ['far', [], [['a', a.num]]],
      ],
    );
    assert.deepEqual(across[1]?.ruleChanges, { [a.id]: 'added' });
    assert.deepEqual(
      [await namesIn(near.id), await namesIn(far.id)],
      [
        ['c', 'b'],
        ['d', 'a'],
      ],
    );

    await assert.rejects(move(b.id, low.id), (error: ApiError) => error.body.problems?.[0]?.code === 'other-tier');
    await assert.rejects(move(b.id, far.id, c.id), (error: ApiError) => error.body.problems?.[0]?.field === 'before');
    await assert.rejects(move(low.id, far.id), codeIs('not-found'));

    // Edited where it stands now; where it came from once the draft is thrown away.
    const edit = async (id: string) => {
      const {
        change: _,
        ruleChanges: __,
        changedAt: ___,
        id: ____,
        ...policy
      } = await client.getPolicy({ params: { id } });
      const rules = policy.rules.map((rule) => ({ ...ruleInput(rule), comment: 'edited' }));
      await client.updatePolicy({ params: { id }, body: { ...policy, rules } });
    };
    await edit(far.id);
    assert.deepEqual(await namesIn(far.id), ['d', 'a']);
    await client.discardDraft();
    assert.deepEqual(await namesIn(far.id), ['d']);
    await edit(near.id);
    assert.deepEqual(await namesIn(near.id), ['a', 'b', 'c']);
    for (const { id } of [near, far, low]) await client.deletePolicy({ params: { id } });
    await publish();
  });

  it('puts a policy at another place of its tier, and tells of those that gave way', async () => {
    const { client } = cloud.person;
    const make = (name: string, order: number, tier: 'platform' | 'baseline' = 'platform') =>
      client.createPolicy({ body: { ...input, name, tier, order, rules: [rule('only')] } });
    const [first, second, third, low] = [
      await make('first', 1),
      await make('second', 2),
      await make('third', 3),
      await make('low', 1, 'baseline'),
    ];
    await publish();
    let held: readonly DraftPolicy[] = (await client.listPolicies({ query: {} })).items;
    const move = async (id: string, before?: string) => {
      const changes = await client.movePolicy({ params: { id }, body: { ...(before !== undefined && { before }) } });
      held = withDraftChanges(held, changes)!;
      assert.deepEqual(held, (await client.listPolicies({ query: {} })).items);
      const names = held.filter(({ tier }) => tier === 'platform').map(({ name }) => name);
      return { names, changed: changes.policies.map(({ name }) => name) };
    };
    assert.deepEqual(await move(first!.id), { names: ['second', 'third', 'first'], changed: ['first'] });
    assert.deepEqual(await move(first!.id, third!.id), {
      names: ['second', 'first', 'third'],
      changed: ['first', 'third'],
    });
    assert.deepEqual(held.find(({ id }) => id === third!.id)?.change, 'changed');
    const refused = (field: string, code: string) => (error: ApiError) =>
      error.body.problems?.[0]?.field === field && error.body.problems[0].code === code;
    await assert.rejects(move(first!.id, low!.id), refused('before', 'other-tier'));
    await assert.rejects(move(first!.id, first!.rules[0]!.id), refused('before', 'unknown-id'));
    await client.deletePolicy({ params: { id: second!.id } });
    await assert.rejects(move(first!.id, second!.id), refused('before', 'unknown-id'));
    for (const { id } of [first!, third!, low!]) await client.deletePolicy({ params: { id } });
    await publish();
  });

  it('edits some rules, and tells what changed: whoever follows has the draft as it is', async () => {
    const { client } = cloud.person;
    const rules = ['a', 'b', 'c'].map(rule);
    const { id } = await client.createPolicy({ body: { ...input, name: 'some', tier: 'platform', rules } });
    await publish();
    const draft = async () => (await client.listPolicies({ query: {} })).items;
    const mine = (all: readonly DraftPolicy[]) => all.find((one) => one.id === id)!;
    /** By the answers to one's own edits, and by asking now and then what others made of it. */
    let [own, follower]: (readonly DraftPolicy[])[] = [await draft(), await draft()];
    const send = (patch: object, revision = mine(own!).revision) =>
      client.editRules({ params: { id }, body: { revision, ...patch } });
    const edit = async (patch: object) => {
      const changes = await send(patch);
      own = withDraftChanges(own!, changes);
      assert.deepEqual(own, await draft());
      return changes.policies[0]!;
    };
    const follow = async () => {
      const have = follower!.map((one) => ({ id: one.id, revision: one.revision, change: one.change }));
      const changes = await client.listDraftChanges({ body: { have } });
      follower = withDraftChanges(follower!, changes);
      assert.deepEqual(follower, await draft());
      return changes.policies;
    };
    const byName = (name: string) => mine(own!).rules.find((rule) => rule.name === name)!;

    const first = await edit({ changed: [{ ...ruleInput(byName('b')), comment: 'why' }] });
    assert.deepEqual([first.changed.length, first.placed, first.removed], [1, [], []]);
    assert.deepEqual(first.ruleChanges, { [byName('b').id]: 'changed' });
    const last = await edit({
      removed: [byName('a').id],
      placed: [
        { rule: rule('new'), before: byName('b').id },
        { rule: ruleInput(byName('c')), before: byName('b').id },
      ],
    });
    assert.equal(last.placed[0]?.rule.owner, 'admin');
    assert.deepEqual(
      mine(own!).rules.map(({ name }) => name),
      ['new', 'c', 'b'],
    );
    assert.deepEqual(
      (await follow()).map((change) => [change.since, change.changed.length]),
      [[first.since, 1]],
    );
    assert.deepEqual(await follow(), []);

    // On a version that others changed meanwhile: what does not speak of the same is merged.
    const before = mine(own!);
    await edit({ changed: [{ ...ruleInput(byName('c')), comment: 'theirs' }] });
    await send({ changed: [{ ...ruleInput(before.rules[0]!), comment: 'mine' }] }, before.revision);
    own = await draft();
    assert.deepEqual(
      mine(own).rules.map(({ comment }) => comment),
      ['mine', 'theirs', 'why'],
    );
    const clash = send({ changed: [{ ...ruleInput(before.rules[1]!), comment: 'other' }] }, before.revision);
    await assert.rejects(clash, codeIs('edit-conflict'));

    const wrong = (patch: object) =>
      send(patch).then(
        () => assert.fail('it was taken'),
        (error: ApiError) => [error.body.problems[0]?.field, error.body.problems[0]?.code],
      );
    const bad = { ...ruleInput(byName('b')), to: { cidrs: ['10.0.0.0/8', 'x'] } };
    assert.deepEqual(await wrong({ changed: [bad] }), ['changed.0.to.cidrs.1', 'wrong-format']);
    assert.deepEqual(await wrong({ placed: [{ rule: rule('b'), before: null }] }), [
      'placed.0.rule.name',
      'name-taken',
    ]);
    assert.deepEqual(await wrong({ removed: [before.id] }), ['rules', 'unknown-id']);

    await publish();
    await follow();
    assert.equal(mine(follower!).change, 'none');
    await client.deletePolicy({ params: { id } });
    await follow();
    assert.equal(mine(follower!).change, 'removed');
    await publish();
    await follow();
    assert.equal(mine(follower!), undefined);
  });
});
