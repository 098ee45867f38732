import type { Id, Rule, RulePatch } from '@hypervigil/model';
import { longestRising } from '../rising.ts';
import { equal } from './equal.ts';

/** What makes these rules those; the fewest are placed that explain the new order. */
export function rulePatch(before: readonly Rule[], after: readonly Rule[]): RulePatch<Rule> {
  const old = new Map(before.map((rule, place) => [rule.id, { rule, place }]));
  const now = new Set(after.map(({ id }) => id));
  const stayed = longestRising(after.flatMap(({ id }) => old.get(id)?.place ?? []));
  const stays = ({ id }: Rule) => stayed.has(old.get(id)?.place ?? -1);
  const placed: { rule: Rule; before: Id | null }[] = [];
  let next: Id | null = null;
  for (const rule of after.toReversed())
    if (stays(rule)) next = rule.id;
    else placed.push({ rule, before: next });
  return {
    changed: after.filter((rule) => stays(rule) && !equal(old.get(rule.id)!.rule, rule)),
    removed: before.flatMap(({ id }) => (now.has(id) ? [] : [id])),
    placed: placed.reverse(),
  };
}
