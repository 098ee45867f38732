import { type Id, SYNTHETIC_RULES, type Tier } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import type { Packet } from '../packet.ts';
import { allowedOf, decide } from './decide.ts';
import { describeBox, type Traffic } from './describe.ts';
import type { PacketSet } from './packet-set.ts';
import type { PolicyIndex } from './policy-index.ts';
import { type Question, slicesAbout } from './question.ts';
import type { ServiceSpace } from './service-set.ts';
import type { Slice } from './slice.ts';

/** Traffic that one rule, or one of the defaults, decides. */
export interface Reach extends Traffic {
  readonly verdict: 'allow' | 'deny';
  /** A person's rule or a synthetic one. */
  readonly ruleNum: number;
  /** Null where no rule speaks of it. */
  readonly ruleId: Id | null;
  readonly tier: Tier | null;
  /**
   * Where it is judged: as it leaves the vNIC that sends it (after its source has been found to be the vNIC's own), and
   * as it comes from the trunk to a vNIC of another host. The same rules hold at both.
   */
  readonly points: readonly ('egress' | 'ingress')[];
  readonly witness: Packet;
}

/** Everything that a question asks about, apart by what decides it; nothing when no such packet can be. */
export function* reach(index: PolicyIndex, services: ServiceSpace, question: Question): Iterable<Reach> {
  for (const { slice, packets } of slicesAbout(index, services, question))
    for (const decision of decisions(slice, packets))
      for (const part of byPoints(slice, decision.packets))
        for (const box of slice.space.boxes(part.packets)) {
          const { packets: _, ...told } = decision;
          const witness = slice.sample(slice.space.box(box))!;
          yield { ...told, points: part.points, ...describeBox(slice, [index], box), witness };
        }
}

interface Decision extends Pick<Reach, 'verdict' | 'ruleNum' | 'ruleId' | 'tier'> {
  readonly packets: PacketSet;
}

/** Some packets of a slice, apart by what decides them. */
export function decisions(slice: Slice, packets: PacketSet, place = 0): Decision[] {
  const policy = slice.policies[place]!;
  const { taken, byDefault } = decide(slice.space, policy.rules, packets);
  const byRules = [...taken].flatMap(([rule, some]): Decision[] => {
    const verdict = EFFECT[rule.action];
    if (verdict === 'pass') return [];
    return [{ verdict, ruleNum: rule.num, ruleId: rule.key, tier: rule.tier, packets: some }];
  });
  return [...byRules, ...defaults(slice, byDefault, place)].filter((one) => !slice.space.isEmpty(one.packets));
}

function defaults({ space, policies, within, services }: Slice, packets: PacketSet, place: number): Decision[] {
  const { owners, held, outside, cutOff, allowedByDefault } = policies[place]!;
  const rest = space.difference(packets, cutOff);
  const every = services.of([]);
  const everyone = held | outside;
  const byDefault = (name: keyof typeof SYNTHETIC_RULES, some: PacketSet): Decision => ({
    verdict: name === 'same-tenant' ? 'allow' : 'deny',
    ruleNum: SYNTHETIC_RULES[name],
    ruleId: null,
    tier: null,
    packets: space.intersection(name === 'quarantine' ? packets : rest, some),
  });
  const own = [...owners].filter(([owner]) => owner !== 'nobody').map(([, bits]) => ({ src: bits, dst: bits }));
  const atOutside = [
    { src: outside, dst: everyone },
    { src: everyone, dst: outside },
  ];
  const denied = [...own, ...atOutside].map((sides) => within({ ...sides, services: every })).reduce(space.union, []);
  return [
    byDefault('quarantine', cutOff),
    byDefault('same-tenant', allowedByDefault),
    byDefault('default-deny', space.difference(denied, allowedByDefault)),
    byDefault('tenant-isolation', space.difference(rest, denied)),
  ];
}

function byPoints({ space, policies, within, services }: Slice, packets: PacketSet) {
  const { held, outside } = policies[0]!;
  const every = services.of([]);
  return [
    { points: ['egress', 'ingress'] as const, src: held, dst: held },
    { points: ['egress'] as const, src: held, dst: outside },
    { points: ['ingress'] as const, src: outside, dst: held },
  ].map(({ points, src, dst }) => ({
    points,
    packets: space.intersection(packets, within({ src, dst, services: every })),
  }));
}

/** What must be: packets that must not get through, or must. */
export interface Assertion extends Question {
  readonly verdict: 'deny' | 'allow';
}

/** A packet of which an assertion does not hold, with what decides it; undefined when it holds of all. */
export function violation(index: PolicyIndex, services: ServiceSpace, assertion: Assertion): Violation | undefined {
  for (const { slice, packets } of slicesAbout(index, services, assertion)) {
    const allowed = allowedOf(slice.space, slice.policies[0]!, packets);
    const wrong = assertion.verdict === 'deny' ? allowed : slice.space.difference(packets, allowed);
    const [first] = decisions(slice, wrong);
    if (!first) continue;
    const { packets: decided, ...told } = first;
    return { ...told, witness: slice.sample(decided)! };
  }
  return undefined;
}

export type Violation = Pick<Reach, 'verdict' | 'ruleNum' | 'ruleId' | 'tier' | 'witness'>;
