import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, RULE_DEFAULTS } from '@hypervigil/model';
import fc from 'fast-check';
import { type Edited, mergePolicy } from '../src/index.ts';

type Row = Edited['rules'][number];
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const rule = (n: number, change: Partial<Row> = {}): Row => ({
  ...RULE_DEFAULTS,
  id: idOf(n),
  name: `r${n}`,
  enabled: true,
  action: 'allow',
  from: ANYONE,
  to: ANYONE,
  services: [],
  ...change,
});
const policy = (rules: readonly Row[], change: Partial<Edited> = {}): Edited => ({
  name: 'p',
  description: '',
  tier: 'platform',
  tenantId: null,
  order: 1,
  enabled: true,
  ...change,
  rules,
});

/** A policy and what somebody made of it: rules removed, moved, changed and added. */
const edit = (base: Edited, tag: string): fc.Arbitrary<Edited> =>
  fc
    .record({
      order: fc.shuffledSubarray([...base.rules], { minLength: 0 }),
      keepOrder: fc.boolean(),
      changes: fc.array(fc.constantFrom('comment', 'action', 'name', 'none'), { minLength: 8, maxLength: 8 }),
      added: fc.array(fc.nat(8), { maxLength: 2 }),
      description: fc.constantFrom('', tag),
    })
    .map(({ order, keepOrder, changes, added, description }) => {
      const kept = keepOrder ? base.rules.filter((one) => order.includes(one)) : order;
      const rules = kept.map((one, i): Row => {
        const change = changes[i % changes.length];
        if (change === 'comment') return { ...one, comment: tag };
        if (change === 'name') return { ...one, name: `${one.name}${tag}` };
        return change === 'action' ? { ...one, action: 'deny' } : one;
      });
      for (const [n, place] of added.entries()) {
        const { id: _, ...fresh } = rule(0, { name: `${tag}${n}` });
        rules.splice(Math.min(place, rules.length), 0, fresh);
      }
      return policy(rules, { description });
    });
const base = policy([1, 2, 3, 4, 5].map((n) => rule(n)));
const edits = fc.record({ mine: edit(base, 'M'), theirs: edit(base, 'T') });

const merged = (result: ReturnType<typeof mergePolicy>): Edited =>
  'policy' in result ? result.policy : assert.fail(JSON.stringify(result.conflicts));
const conflictsOf = (result: ReturnType<typeof mergePolicy>) => ('conflicts' in result ? result.conflicts : []);

test('who alone changed something gets it as it is', () => {
  fc.assert(
    fc.property(edits, ({ mine, theirs }) => {
      assert.deepEqual(merged(mergePolicy(base, mine, base)), mine);
      assert.deepEqual(merged(mergePolicy(base, base, theirs)), theirs);
    }),
  );
});

test('a merge has what each changed alone, loses nothing of either, and invents nothing', () => {
  let merges = 0;
  fc.assert(
    fc.property(edits, ({ mine, theirs }) => {
      const result = mergePolicy(base, mine, theirs);
      if (!('policy' in result)) return;
      merges++;
      const { rules } = result.policy;
      for (const side of [mine, theirs])
        for (const one of side.rules.filter(({ id }) => id === undefined)) assert.ok(rules.includes(one), one.name);
      for (const was of base.rules) {
        const find = ({ rules: some }: Edited): Row | undefined => some.find(({ id }) => id === was.id);
        const my = find(mine);
        const their = find(theirs);
        const now = find(result.policy);
        assert.equal(now === undefined, my === undefined || their === undefined);
        if (my === undefined || their === undefined || now === undefined) continue;
        for (const field of Object.keys(was) as (keyof Row)[])
          assert.deepEqual(now[field], my[field] === was[field] ? their[field] : my[field], field);
      }
      const ids = rules.flatMap(({ id }) => id ?? []);
      assert.equal(new Set(ids).size, ids.length);
    }),
    { numRuns: 2000 },
  );
  assert.ok(merges > 100, `${merges} merges`);
});

test('conflicts are the same from both sides, and name the rule and the field', () => {
  fc.assert(
    fc.property(edits, ({ mine, theirs }) => {
      const fields = (result: ReturnType<typeof mergePolicy>) =>
        conflictsOf(result)
          .map(({ field }) => field)
          .sort();
      assert.deepEqual(fields(mergePolicy(base, mine, theirs)), fields(mergePolicy(base, theirs, mine)));
    }),
  );
  const mine = policy([rule(1, { name: 'x', comment: 'mine' }), rule(2)]);
  const theirs = policy([rule(1, { comment: 'theirs', log: true }), rule(2)]);
  const both = policy([rule(1), rule(2)]);
  assert.deepEqual(conflictsOf(mergePolicy(both, mine, theirs)), [{ place: 0, rule: 'x', field: 'comment' }]);
  assert.deepEqual(conflictsOf(mergePolicy(both, policy([rule(2)]), theirs)), [
    { place: null, rule: 'r1', field: 'rule' },
  ]);
});

test('rules that both added are both there, each behind what it was put behind', () => {
  const [a, b] = ['a', 'b'].map((name) => {
    const { id: _, ...fresh } = rule(0, { name });
    return fresh;
  });
  const mine = policy([rule(1), a!, rule(2)]);
  const theirs = policy([rule(1), rule(2), b!]);
  const names = merged(mergePolicy(policy([rule(1), rule(2)]), mine, theirs)).rules.map(({ name }) => name);
  assert.deepEqual(names, ['r1', 'a', 'r2', 'b']);
});
