import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFolded, NOTHING_FOLDED, parseFolds, withFold, writeFolds } from '../src/data/folds.ts';
import {
  headsOver,
  type PolicyRow,
  placeInGap,
  policyAt,
  policyInGap,
  type RuleRow,
  treeRows,
} from '../src/data/policy-tree.ts';
import { demoPolicies } from './fake-platform/policies.ts';

const [shop, names] = demoPolicies() as [ReturnType<typeof demoPolicies>[0], ReturnType<typeof demoPolicies>[0]];
const other = {
  ...shop,
  id: 'other',
  name: 'other',
  rules: shop.rules.map((rule) => ({ ...rule, id: `o${rule.id}` })),
};
const gone = { ...other, id: 'gone', change: 'removed' as const, rules: [] };
const POLICIES = [names, shop, other, gone];
const open = { matches: undefined, isFolded: () => false };

test('whatever is folded and unfolded, the address says it', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()));
  fc.assert(
    fc.property(steps, fc.boolean(), (changes, all) => {
      const expected = new Map<string, boolean>();
      let text = writeFolds({ ...NOTHING_FOLDED, all });
      for (const [id, folded] of changes) {
        expected.set(id, folded);
        text = writeFolds(withFold(parseFolds(text), id, folded));
      }
      const folds = parseFolds(text);
      for (const id of ['a', 'b', 'c']) assert.equal(isFolded(folds, id), expected.get(id) ?? all);
    }),
  );
});

test('tiers, policies and rules stand in the order of decision; a match shows what holds it, folded or not', () => {
  const kinds = (rows: ReturnType<typeof treeRows>) => rows.map(({ kind }) => kind[0]).join('');
  assert.equal(kinds(treeRows(POLICIES, open)), 'ttprrrtprrrrprrrrpt');
  assert.equal(
    kinds(treeRows(POLICIES, { ...open, isFolded: (id) => id === shop.id || id === 'platform' })),
    'tttpprrrrpt',
  );
  const matches = ({ rule }: RuleRow) => rule.name === 'Ping';
  assert.equal(kinds(treeRows(POLICIES, { matches, isFolded: () => true })), 'tpr');
  const rows = treeRows(POLICIES, open);
  assert.deepEqual(headsOver(rows, 5), [1, 2]);
  assert.deepEqual(headsOver(rows, 6), [6]);
});

test('a rule put into any gap stands where the gap is, in its tier', () => {
  const folded = fc.constantFrom<readonly string[]>([], [shop.id], ['other']);
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), folded, (r, g, ids) => {
      const rows = treeRows(POLICIES, { ...open, isFolded: (id) => ids.includes(id) });
      const rules = rows.filter((row) => row.kind === 'rule');
      const rule = rules[r % rules.length]!;
      const gap = g % (rows.length + 1);
      const place = placeInGap(rows, rule, gap);
      const above = rows[gap - 1];
      if (place === undefined) {
        const isClosed = above === undefined || above.kind === 'tier' || above.policy.change === 'removed';
        assert.ok(isClosed || above.tier !== rule.tier);
        return;
      }
      assert.equal(place.policy.tier, rule.tier);
      const others = place.policy.rules.filter(({ id }) => id !== rule.id);
      const at = place.before === undefined ? others.length : others.findIndex(({ id }) => id === place.before);
      assert.deepEqual([place.position, place.count], [at + 1, others.length + 1]);
      const inTree = rows
        .map(({ id }) => id)
        .toSpliced(gap, 0, 'here')
        .filter((id) => id !== rule.id);
      if (place.before !== undefined && inTree.includes(place.before))
        assert.equal(inTree[inTree.indexOf('here') + 1], place.before);
    }),
  );
});

test('a policy put into any gap stands there, with its rules, before or behind those of the others', () => {
  const folded = fc.constantFrom<readonly string[]>([], [shop.id], ['other']);
  fc.assert(
    fc.property(fc.nat(100), folded, fc.boolean(), fc.boolean(), (g, ids, moveShop, filtered) => {
      const matches = filtered ? ({ policy }: RuleRow) => policy.id !== 'other' : undefined;
      const rows = treeRows(POLICIES, { matches, isFolded: (id) => ids.includes(id) });
      const policy = moveShop || filtered ? shop : other;
      const row = rows.find((one): one is PolicyRow => one.kind === 'policy' && one.policy === policy)!;
      const gap = g % (rows.length + 1);
      const place = policyInGap(rows, POLICIES, row, gap);
      const [above, below] = [rows[gap - 1], rows[gap]];
      if (place === undefined) return assert.ok(above?.tier !== 'tenant' || below?.kind === 'rule');
      assert.equal(place.count, 2);
      assert.deepEqual(place, policyAt(POLICIES, policy, place.position - 1));
      const shown = rows.slice(gap).find((one) => one.kind === 'policy' && one.id !== policy.id && one.id !== 'gone');
      // What is filtered away still stands between.
      if (!filtered) assert.equal(place.before, shown?.tier === 'tenant' ? shown.id : undefined);
      return undefined;
    }),
  );
});
