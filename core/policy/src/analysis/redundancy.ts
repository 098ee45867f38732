import type { IntentRule } from '@hypervigil/model';
import { decide, EFFECT, type Strand } from './decide.ts';
import type { Cells, PacketSet } from './packet-set.ts';
import type { Slice, SlicePolicy } from './slice.ts';

/** What would decide a rule's packets if the rule were not there. */
export interface Replacement {
  readonly rules: readonly IntentRule[];
  readonly defaults: boolean;
}

/** The rules of a slice without which some verdict would be another. */
export function neededRules(
  { space }: Slice,
  { allowedByDefault }: SlicePolicy,
  strands: readonly Strand[],
): Set<IntentRule> {
  const needed = new Set<IntentRule>();
  for (const strand of strands) {
    const defaults = allowedByDefault.filter(({ src }) => (src & strand.src) !== 0n);
    // Defaults tell sources apart where rules may not.
    const apart = defaults.map((row) => ({ src: row.src & strand.src, to: row.to }));
    const rest = strand.src & ~apart.reduce((all, { src }) => all | src, 0n);
    for (const { src, to } of [...apart, ...(rest === 0n ? [] : [{ src: rest, to: space.cells.none }])])
      for (const { rule, changed } of changesWithout(space.cells, strand, to))
        if (!space.isEmpty([{ src, to: changed }])) needed.add(rule);
  }
  return needed;
}

/**
 * Of each rule that a source's packets meet, those of the packets that would get another verdict without it. Told from
 * the last rule to the first, since what a rule's packets would meet is what the rules behind it allow.
 */
function* changesWithout(
  { none, union, intersection, difference }: Slice['space']['cells'],
  { to, tiers }: Strand,
  allowedByDefault: Cells,
): Iterable<{ rule: IntentRule; changed: Cells }> {
  const reaching = packetsReaching({ none, union, intersection, difference }, to, tiers);
  let allowed = intersection(to, allowedByDefault);
  for (const tier of tiers.toReversed()) {
    const belowTier = allowed;
    for (const one of tier.toReversed()) {
      const { rule, match } = one;
      const verdicts = { allow: to, deny: none, pass: belowTier }[EFFECT[rule.action]];
      const decided = reaching.get(one) ?? none;
      const isAllowed = intersection(decided, verdicts);
      const wouldBe = intersection(decided, allowed);
      yield { rule, changed: union(difference(isAllowed, wouldBe), difference(wouldBe, isAllowed)) };
      allowed = union(difference(allowed, match), intersection(intersection(to, match), verdicts));
    }
  }
}

type StrandRule = Strand['tiers'][number][number];

/** What each rule decides of what comes to it. */
function packetsReaching(
  { none, union, intersection, difference }: Slice['space']['cells'],
  packets: Cells,
  tiers: Strand['tiers'],
): Map<StrandRule, Cells> {
  const found = new Map<StrandRule, Cells>();
  let undecided = packets;
  for (const tier of tiers) {
    let passed = none;
    for (const one of tier) {
      const some = intersection(undecided, one.match);
      if (some === none) continue;
      found.set(one, some);
      undecided = difference(undecided, some);
      if (EFFECT[one.rule.action] === 'pass') passed = union(passed, some);
    }
    undecided = union(undecided, passed);
  }
  return found;
}

/** What would decide some packets of a rule in its place. */
export function replacementOf(
  { space }: Slice,
  { rules }: SlicePolicy,
  rule: IntentRule,
  decided: PacketSet,
): Replacement {
  const next = decide(space, rules.slice(rules.findIndex((one) => one.rule === rule) + 1), decided);
  return { rules: [...next.taken.keys()], defaults: !space.isEmpty(next.byDefault) };
}
