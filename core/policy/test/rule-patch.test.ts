import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, patchRules, RULE_DEFAULTS, type Rule, unknownInPatch } from '@hypervigil/model';
import fc from 'fast-check';
import { rulePatch } from '../src/index.ts';

const ruleOf = (id: number, name: string): Rule => ({
  ...{ id: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`, num: id, name, enabled: true },
  ...{ action: 'allow', from: ANYONE, to: ANYONE, services: [], ...RULE_DEFAULTS },
});
/** Of few rules, so that most of two lists are the same ones in another order. */
const rules = fc
  .uniqueArray(fc.tuple(fc.nat(12), fc.constantFrom('a', 'b')), { selector: ([id]) => id })
  .map((some) => some.map(([id, name]) => ruleOf(id, name)));

test('a patch makes of one list of rules the other, and names only what is there', () => {
  fc.assert(
    fc.property(rules, rules, (before, after) => {
      const patch = rulePatch(before, after);
      assert.deepEqual(patchRules(before, patch), after);
      const old = new Set(before.map(({ id }) => id));
      const withoutNew = { ...patch, placed: patch.placed.filter(({ rule }) => old.has(rule.id)) };
      assert.deepEqual(unknownInPatch(before, withoutNew), []);
      // Applied twice it says the same: what was drawn already may be told again.
      assert.deepEqual(patchRules(after, patch), after);
    }),
  );
});

test('one rule that moved is one rule in the patch', () => {
  const before = [1, 2, 3, 4, 5].map((id) => ruleOf(id, 'x'));
  const [first, ...others] = before as [Rule, ...Rule[]];
  const { changed, removed, placed } = rulePatch(before, [...others.slice(0, 3), first, others[3]!]);
  assert.deepEqual([changed, removed], [[], []]);
  assert.deepEqual(
    placed.map(({ rule, before: next }) => [rule.num, next]),
    [[1, others[3]!.id]],
  );
});

test('what a patch names and is not there, or does not stay, is told', () => {
  const [a, b, c] = [1, 2, 3].map((id) => ruleOf(id, 'x')) as [Rule, Rule, Rule];
  const none = { changed: [], removed: [], placed: [] };
  assert.deepEqual(unknownInPatch([a], { ...none, removed: [b.id] }), [b.id]);
  assert.deepEqual(unknownInPatch([a], { ...none, changed: [b] }), [b.id, b.id]);
  assert.deepEqual(unknownInPatch([a, b], { ...none, placed: [{ rule: a, before: a.id }] }), [a.id]);
  assert.deepEqual(
    unknownInPatch([a, b], { ...none, placed: [{ rule: { ...c, id: undefined as never }, before: b.id }] }),
    [],
  );
});
