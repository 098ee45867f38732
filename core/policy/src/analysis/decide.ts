import { type IntentRule, TIERS } from '@hypervigil/model';
import { NOTHING, type PacketSet, type PacketSpace } from './packet-set.ts';
import type { SlicePolicy, SliceRule } from './slice.ts';

/** What becomes of a packet that a rule matches: it is through, it is not, or the next tier decides. */
export const EFFECT = {
  allow: 'allow',
  deny: 'deny',
  pass: 'pass',
} as const satisfies Record<IntentRule['action'], 'allow' | 'deny' | 'pass'>;

/** Which packets each rule decides (or passes on), and which no rule decides. */
export interface Decided {
  readonly taken: ReadonlyMap<IntentRule, PacketSet>;
  readonly byDefault: PacketSet;
}

/** The first rule that matches decides, tier by tier. */
export function decide(space: PacketSpace, rules: readonly SliceRule[], packets: PacketSet): Decided {
  const taken = new Map<IntentRule, PacketSet>();
  let undecided = packets;
  for (const tier of byTier(rules)) {
    let passed = NOTHING;
    for (const { rule, match } of tier) {
      const some = space.intersection(undecided, match);
      if (space.isEmpty(some)) continue;
      taken.set(rule, some);
      undecided = space.difference(undecided, match);
      if (EFFECT[rule.action] === 'pass') passed = space.union(passed, some);
    }
    undecided = space.union(undecided, passed);
  }
  return { taken, byDefault: undecided };
}

/** What is allowed of some packets. */
export function allowedOf(space: PacketSpace, policy: SlicePolicy, packets: PacketSet): PacketSet {
  const { taken, byDefault } = decide(space, policy.rules, packets);
  return [...taken]
    .filter(([rule]) => EFFECT[rule.action] === 'allow')
    .map(([, some]) => some)
    .reduce(space.union, space.intersection(byDefault, policy.allowedByDefault));
}

export function byTier(rules: readonly SliceRule[]): SliceRule[][] {
  return TIERS.map((tier) => rules.filter(({ rule }) => rule.tier === tier));
}
