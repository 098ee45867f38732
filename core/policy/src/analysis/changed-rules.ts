import type { IntentRule } from '@hypervigil/model';
import { longestRising } from '../rising.ts';
import type { PolicyIndex, SetIndex } from './policy-index.ts';

/** Keys of the rules that are new, gone, different, elsewhere in the order, or of which a named block is another. */
export function changedRules(before: PolicyIndex, after: PolicyIndex): Set<string> {
  const places = new Map(after.rules.map((rule, n) => [rule.key, n]));
  const old = new Map(before.rules.map((rule) => [rule.key, rule]));
  const changed = new Set<string>();
  for (const { key } of before.rules) if (!places.has(key)) changed.add(key);
  for (const rule of after.rules) {
    const was = old.get(rule.key);
    if (!was || !isSame(was, rule, before, after)) changed.add(rule.key);
  }
  const kept = before.rules.filter(({ key }) => places.has(key)).map(({ key }) => key);
  const steady = longestRising(kept.map((key) => places.get(key)!));
  for (const key of kept) if (!steady.has(places.get(key)!)) changed.add(key);
  return changed;
}

function isSame(a: IntentRule, b: IntentRule, before: PolicyIndex, after: PolicyIndex): boolean {
  const { order: _, ...left } = a;
  const { order: __, ...right } = b;
  if (JSON.stringify(left) !== JSON.stringify(right)) return false;
  return [...(b.from ?? []), ...(b.to ?? [])].every((num) => isSameSet(before.sets.get(num), after.sets.get(num)));
}

/** Members that are vNICs' addresses are compared where the addresses are. */
function isSameSet(a: SetIndex | undefined, b: SetIndex | undefined): boolean {
  const text = (set: SetIndex | undefined) =>
    JSON.stringify([set?.tenant, set?.blocks], (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  return text(a) === text(b);
}
