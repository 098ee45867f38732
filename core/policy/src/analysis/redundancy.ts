import type { IntentRule } from '@hypervigil/model';
import { byTier, decide, EFFECT } from './decide.ts';
import type { PacketSet } from './packet-set.ts';
import type { Slice, SlicePolicy, SliceRule } from './slice.ts';

/** What would decide a rule's packets if the rule were not there. */
export interface Replacement {
  readonly rules: readonly IntentRule[];
  readonly defaults: boolean;
}

/**
 * Of each rule that decides anything in a slice, whether the verdicts would be the same without it. Told from the last
 * rule to the first, since what a rule's packets would meet is what the rules behind it allow.
 */
export function* withoutEach(
  { space, domain }: Slice,
  { rules, allowedByDefault }: SlicePolicy,
  taken: ReadonlyMap<IntentRule, PacketSet>,
): Iterable<{ rule: IntentRule; isSame: boolean; replacement: () => Replacement }> {
  const isEqual = (a: PacketSet, b: PacketSet): boolean =>
    space.isEmpty(space.difference(a, b)) && space.isEmpty(space.difference(b, a));
  let allowed = space.intersection(allowedByDefault, domain);
  let later: SliceRule[] = [];
  for (const tier of byTier(rules).reverse()) {
    const belowTier = allowed;
    for (const [place, { rule, match }] of [...tier.entries()].reverse()) {
      const decided = taken.get(rule);
      const effect = EFFECT[rule.action];
      if (decided) {
        const without = space.intersection(decided, allowed);
        const isSame =
          effect === 'allow'
            ? space.isEmpty(space.difference(decided, without))
            : isEqual(without, effect === 'deny' ? [] : space.intersection(decided, belowTier));
        const behind = [...tier.slice(place + 1), ...later];
        yield { rule, isSame, replacement: () => replacementOf(behind, decided) };
      }
      const others = space.difference(allowed, match);
      allowed =
        effect === 'allow'
          ? space.union(allowed, match)
          : effect === 'deny'
            ? others
            : space.union(others, space.intersection(belowTier, match));
    }
    later = [...tier, ...later];
  }

  function replacementOf(behind: readonly SliceRule[], decided: PacketSet): Replacement {
    const next = decide(space, behind, decided);
    return { rules: [...next.taken.keys()], defaults: !space.isEmpty(next.byDefault) };
  }
}
