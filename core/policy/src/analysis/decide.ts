import { type IntentRule, TIERS } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import { getOrAdd } from '../maps.ts';
import { type Bits, bit, numbersIn } from './bits.ts';
import type { CellSpace, Cells, PacketSet, PacketSpace, Row } from './packet-set.ts';
import type { SlicePolicy, SliceRule } from './slice.ts';

/** Which packets each rule decides (or passes on), and which no rule decides. */
export interface Decided {
  readonly taken: ReadonlyMap<IntentRule, PacketSet>;
  readonly byDefault: PacketSet;
}

/** The first rule that matches decides, tier by tier. Sources of which the same rules speak go together. */
export function decide(space: PacketSpace, rules: readonly SliceRule[], packets: PacketSet): Decided {
  return together(space, walks(space, rules, packets));
}

/** What becomes of what some sources send. */
export interface Walk extends Strand {
  /** What each rule decides (or passes on) of what comes to it. */
  readonly decided: ReadonlyMap<StrandRule, Cells>;
  readonly byDefault: Cells;
}

export function walks(space: PacketSpace, rules: readonly SliceRule[], packets: PacketSet): Walk[] {
  return Array.from(strands(rules, packets), (strand) => ({ ...strand, ...walk(space.cells, strand) }));
}

function walk(cells: CellSpace, { to, tiers }: Strand): Pick<Walk, 'decided' | 'byDefault'> {
  const decided = new Map<StrandRule, Cells>();
  const undecided = cells.changing(to);
  for (const tier of tiers) {
    const passed: Cells[] = [];
    for (const one of tier) {
      const some = undecided.take(one.match);
      if (some === cells.none) continue;
      decided.set(one, some);
      if (EFFECT[one.rule.action] === 'pass') passed.push(some);
    }
    for (const some of passed) undecided.add(some);
  }
  return { decided, byDefault: undecided.now() };
}

/** What becomes of it all, whoever sends it. */
export function together(space: PacketSpace, some: readonly Walk[]): Decided {
  const taken = new Map<IntentRule, Row[]>();
  for (const { src, decided } of some)
    for (const [{ rule }, to] of decided) getOrAdd(taken, rule, () => []).push({ src, to });
  const sets = Array.from(taken, ([rule, rows]) => [rule, space.join(rows)] as const);
  return {
    taken: new Map(sets.filter(([, set]) => !space.isEmpty(set))),
    byDefault: space.join(some.map(({ src, byDefault }) => ({ src, to: byDefault }))),
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
interface StrandRule {
  readonly rule: IntentRule;
  readonly match: Cells;
}

/** Sources that send the same and of which the same rules speak, in the order of decision by tier. */
interface Strand extends Row {
  readonly tiers: readonly (readonly StrandRule[])[];
}

function* strands(rules: readonly SliceRule[], packets: PacketSet): Iterable<Strand> {
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
