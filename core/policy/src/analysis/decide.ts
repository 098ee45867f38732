import { type IntentRule, TIERS } from '@hypervigil/model';
import { getOrAdd } from '../maps.ts';
import { type Bits, bit, numbersIn } from './bits.ts';
import type { Cells, PacketSet, PacketSpace, Row } from './packet-set.ts';
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

/** The first rule that matches decides, tier by tier. Sources of which the same rules speak go together. */
export function decide(space: PacketSpace, rules: readonly SliceRule[], packets: PacketSet): Decided {
  return decideStrands(space, strands(rules, packets));
}

export function decideStrands(space: PacketSpace, some: Iterable<Strand>): Decided {
  const taken = new Map<IntentRule, Row[]>();
  const byDefault: Row[] = [];
  for (const { src, to, tiers } of some) {
    let undecided = to;
    for (const tier of tiers) {
      let passed = space.cells.none;
      for (const { rule, match } of tier) {
        const some = space.cells.intersection(undecided, match);
        if (some === space.cells.none) continue;
        getOrAdd(taken, rule, () => []).push({ src, to: some });
        undecided = space.cells.difference(undecided, match);
        if (EFFECT[rule.action] === 'pass') passed = space.cells.union(passed, some);
      }
      undecided = space.cells.union(undecided, passed);
    }
    byDefault.push({ src, to: undecided });
  }
  const sets = Array.from(taken, ([rule, rows]) => [rule, space.join(rows)] as const);
  return {
    taken: new Map(sets.filter(([, some]) => !space.isEmpty(some))),
    byDefault: space.join(byDefault),
  };
}

/** What is allowed of some packets. */
export function allowedOf(space: PacketSpace, policy: SlicePolicy, packets: PacketSet): PacketSet {
  const { taken, byDefault } = decide(space, policy.rules, packets);
  return [...taken]
    .filter(([rule]) => EFFECT[rule.action] === 'allow')
    .map(([, some]) => some)
    .reduce(space.union, space.intersection(byDefault, policy.allowedByDefault));
}

/** A rule as one source meets it. */
export interface StrandRule {
  readonly rule: IntentRule;
  readonly match: Cells;
}

/** Sources that send the same and of which the same rules speak, in the order of decision by tier. */
export interface Strand extends Row {
  readonly tiers: readonly (readonly StrandRule[])[];
}

export function* strands(rules: readonly SliceRule[], packets: PacketSet): Iterable<Strand> {
  const senders = packets.reduce((all, { src }) => all | src, 0n);
  const met = new Map<number, StrandRule[]>();
  for (const { rule, match } of rules)
    for (const { src, to } of match) {
      const one = { rule, match: to };
      for (const n of numbersIn(src & senders)) getOrAdd(met, n, () => []).push(one);
    }
  for (const { src, to } of packets) {
    const alike = new Map<string, { rules: readonly StrandRule[]; src: Bits }>();
    for (const n of numbersIn(src)) {
      const some = met.get(n) ?? [];
      const key = some.map(({ rule, match }) => `${rule.num}:${match.id}`).join(' ');
      getOrAdd(alike, key, () => ({ rules: some, src: 0n })).src |= bit(n);
    }
    for (const one of alike.values())
      yield { src: one.src, to, tiers: TIERS.map((tier) => one.rules.filter(({ rule }) => rule.tier === tier)) };
  }
}
