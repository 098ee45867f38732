import { type IntentRule, TIERS } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import { getOrAdd } from '../maps.ts';
import type { Packet } from '../packet.ts';
import type { Finding } from './finding.ts';
import { meet, type PacketSet } from './packet-set.ts';
import type { Slice, SliceRule } from './slice.ts';

/** Two rules that overlap and say the opposite, as far as slices have shown it. */
interface Pair {
  readonly later: IntentRule;
  /** A packet that the earlier one decides and the later one matches. */
  witness: Packet | undefined;
  earlierHasMore: boolean;
  laterHasMore: boolean;
  /** Slices in which they overlap; in any other, each has what the other has not. */
  met: number;
}

export interface Contradictions {
  note(slice: Slice, rules: readonly SliceRule[], taken: ReadonlyMap<IntentRule, PacketSet>): void;
  findings(rule: IntentRule): Finding[];
}

/**
 * Rules of one tier that contradict each other (correlated: Al-Shaer and Hamed, "Modeling and management of firewall
 * policies", 2004). One that only makes an exception from a wider one is how people write policies, and none.
 */
export function createContradictions(): Contradictions {
  const pairs = new Map<IntentRule, Map<IntentRule, Pair>>();
  /** Slices in which a rule matches something. */
  const slices = new Map<IntentRule, number>();

  return {
    note({ space, sample }, rules, taken) {
      const placed = rules.map((one, place) => ({ ...one, place }));
      for (const { rule } of rules) slices.set(rule, (slices.get(rule) ?? 0) + 1);
      for (const tier of TIERS) {
        const here = placed.filter(({ rule }) => rule.tier === tier);
        const denies = here.filter(({ rule }) => EFFECT[rule.action] === 'deny');
        const allows = here.filter(({ rule }) => EFFECT[rule.action] === 'allow');
        for (const deny of denies)
          for (const allow of allows) {
            if (!meet(deny.hull, allow.hull) || !space.overlap(deny.match, allow.match)) continue;
            const [earlier, later] = deny.place < allow.place ? [deny, allow] : [allow, deny];
            const some = getOrAdd(pairs, earlier.rule, () => new Map<IntentRule, Pair>());
            const pair = getOrAdd(some, later.rule, () => emptyPair(later.rule));
            pair.met++;
            pair.earlierHasMore ||= !space.isEmpty(space.difference(earlier.match, later.match));
            pair.laterHasMore ||= !space.isEmpty(space.difference(later.match, earlier.match));
            pair.witness ??= sample(space.intersection(taken.get(earlier.rule) ?? [], later.match));
          }
      }
    },

    findings(rule) {
      const hasMore = (one: IntentRule, { met }: Pair): boolean => slices.get(one)! > met;
      const real = [...(pairs.get(rule)?.values() ?? [])].filter(
        (pair) =>
          pair.witness !== undefined &&
          (pair.earlierHasMore || hasMore(rule, pair)) &&
          (pair.laterHasMore || hasMore(pair.later, pair)),
      );
      const [first] = real;
      if (!first) return [];
      const otherIds = real.map(({ later }) => later.key);
      return [{ code: 'contradictory', reason: 'order', ruleId: rule.key, otherIds, witness: first.witness ?? null }];
    },
  };
}

const emptyPair = (later: IntentRule): Pair => ({
  later,
  witness: undefined,
  earlierHasMore: false,
  laterHasMore: false,
  met: 0,
});
