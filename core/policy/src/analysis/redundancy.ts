import type { IntentRule } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import { decide, type Walk } from './decide.ts';
import { type CellSpace, type Cells, hullOf, meet, type PacketSet } from './packet-set.ts';
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
  all: readonly Walk[],
): Set<IntentRule> {
  const needed = new Set<IntentRule>();
  for (const walk of all) {
    // Defaults tell sources apart where rules may not.
    const rows = allowedByDefault.map(({ src, to }) => ({ src: src & walk.src, to })).filter(({ src }) => src !== 0n);
    const rest = walk.src & ~rows.reduce((some, { src }) => some | src, 0n);
    for (const { src, to } of [...rows, { src: rest, to: space.cells.none }])
      for (const { rule, changed } of changesWithout(space.cells, walk, to))
        if (src !== 0n && !space.isEmpty([{ src, to: changed }])) needed.add(rule);
  }
  return needed;
}

/**
 * Of each rule that decides anything, those of its packets that would get another verdict without it. Told from the
 * last rule to the first, since what a rule's packets would meet is what the rules behind it allow.
 */
function* changesWithout(
  { none, union, difference, changing }: CellSpace,
  { tiers, decided }: Walk,
  allowedByDefault: Cells,
): Iterable<{ rule: IntentRule; changed: Cells }> {
  const allowed = changing(allowedByDefault);
  for (const tier of tiers.toReversed()) {
    const belowTier = allowed.copy();
    for (const one of tier.toReversed()) {
      const { rule, match } = one;
      const own = decided.get(one) ?? none;
      const effect = EFFECT[rule.action];
      if (own !== none) yield { rule, changed: changedBy(effect, own) };
      if (effect === 'allow') allowed.add(match);
      else allowed.take(match);
      if (effect === 'pass') allowed.add(belowTier.shared(match));
    }

    function changedBy(effect: 'allow' | 'deny' | 'pass', own: Cells): Cells {
      const wouldBe = allowed.shared(own);
      if (effect === 'allow') return difference(own, wouldBe);
      if (effect === 'deny') return wouldBe;
      const is = belowTier.shared(own);
      return union(difference(is, wouldBe), difference(wouldBe, is));
    }
  }
}

/** What would decide some packets of a rule in its place. */
export const replacementOf = (slice: Slice, policy: SlicePolicy, rule: IntentRule, decided: PacketSet): Replacement =>
  decidersOf(slice, policy, placeOf(policy, rule) + 1, decided);

/** What decides some packets of a rule, the rule itself among it. */
export const decidersAt = (slice: Slice, policy: SlicePolicy, rule: IntentRule, decided: PacketSet): Replacement =>
  decidersOf(slice, policy, placeOf(policy, rule), decided);

const placeOf = ({ rules }: SlicePolicy, rule: IntentRule): number => rules.findIndex((one) => one.rule === rule);

function decidersOf({ space }: Slice, { rules }: SlicePolicy, from: number, packets: PacketSet): Replacement {
  const hull = hullOf(packets);
  const others = rules.slice(from).filter((one) => meet(one.hull, hull));
  const { taken, byDefault } = decide(space, others, packets);
  return { rules: [...taken.keys()], defaults: !space.isEmpty(byDefault) };
}
