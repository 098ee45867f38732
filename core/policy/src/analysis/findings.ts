import type { IntentRule } from '@hypervigil/model';
import { EFFECT } from '../effect.ts';
import type { Packet } from '../packet.ts';
import { createContradictions } from './contradictions.ts';
import { type Decided, together, type Walk, walks } from './decide.ts';
import { createExposure } from './exposure.ts';
import type { Finding } from './finding.ts';
import type { PolicyIndex } from './policy-index.ts';
import { decidersAt, neededRules, type Replacement, replacementOf } from './redundancy.ts';
import type { ServiceSpace } from './service-set.ts';
import type { Slice } from './slice.ts';
import { slicesOf } from './slices.ts';
import { BY_DEFAULT, saysOtherwise, standsFor, type Treated } from './treatment.ts';

/** What is known of a rule after some slices. */
interface Known {
  matches: boolean;
  decides: boolean;
  /** Without it, some verdict would be another. */
  isNeeded: boolean;
  witness: Packet | undefined;
  readonly before: Set<IntentRule>;
  readonly behind: Set<IntentRule>;
  defaultsBehind: boolean;
}

/**
 * What is wrong with the rules, in the order of decision. Yields between parts of a slice of the cloud, so that whoever
 * runs it may do something else in between; the findings come at the end, since only the whole cloud shows them.
 */
export function* findFindings(index: PolicyIndex, services: ServiceSpace): Generator<void, Finding[]> {
  const known = new Map(index.rules.map((rule) => [rule, nothingKnown()]));
  const contradictions = createContradictions();
  const exposure = createExposure(index, services);
  for (const slice of slicesOf(index, services)) {
    yield;
    const policy = slice.policies[0]!;
    const all = walks(slice.space, policy.rules, slice.domain);
    const { taken } = together(slice.space, all);
    yield;
    noteShadows(slice, taken, known);
    yield;
    yield* noteNeeds(slice, all, taken, known);
    yield;
    contradictions.note(slice, policy.rules, taken);
    exposure.note(slice, taken);
  }
  return index.rules.flatMap((rule) => [
    ...ownFindings(index, rule, known.get(rule)!),
    ...contradictions.findings(rule),
    ...exposure.findings(rule),
  ]);
}

const nothingKnown = (): Known => ({
  matches: false,
  decides: false,
  isNeeded: false,
  witness: undefined,
  before: new Set(),
  behind: new Set(),
  defaultsBehind: false,
});

type Taken = Decided['taken'];

/** Rules that match something and decide nothing, with those that decide in their place. */
function noteShadows({ space, policies, sample }: Slice, taken: Taken, known: ReadonlyMap<IntentRule, Known>): void {
  for (const { rule, match } of policies[0]!.rules) {
    const one = known.get(rule)!;
    // What showed that nothing reached it shows nothing any more.
    if (taken.has(rule) && !one.decides) one.witness = undefined;
    one.matches = true;
    one.decides ||= taken.has(rule);
    if (one.decides) continue;
    one.witness ??= sample(match);
    for (const [other, decided] of taken)
      if (!one.before.has(other) && space.overlap(decided, match)) one.before.add(other);
  }
}

/** Rules without which nothing would change, with those that would take their place. */
function* noteNeeds(
  slice: Slice,
  all: readonly Walk[],
  taken: Taken,
  known: ReadonlyMap<IntentRule, Known>,
): Generator<void> {
  const open = [...taken].filter(([rule]) => !known.get(rule)!.isNeeded);
  if (open.length === 0) return;
  const policy = slice.policies[0]!;
  const needed = neededRules(slice, policy, all);
  yield;
  for (const [rule, decided] of open) {
    const one = known.get(rule)!;
    const next = needed.has(rule) ? undefined : replacementOf(slice, policy, rule, decided);
    // A rule that passes on gives no verdict: what gives it now is compared with what would.
    const now = () => (rule.action === 'pass' ? judgesOf(decidersAt(slice, policy, rule, decided)) : [rule]);
    if (!next || isOtherwise(now(), judgesOf(next))) {
      one.isNeeded = true;
      continue;
    }
    one.witness ??= slice.sample(decided);
    for (const other of next.rules) one.behind.add(other);
    one.defaultsBehind ||= next.defaults;
  }
}

/**
 * Whether it makes a difference, though the verdicts are the same, who gives them. All that would must do what all do that
 * do now: beside a rule that passes on, some that need not be there may stay unfound.
 */
const isOtherwise = (now: readonly Treated[], next: readonly Treated[]): boolean =>
  now.some((one) => next.some((other) => !standsFor(other, one)));

/** Who gives verdicts. */
const judgesOf = ({ rules, defaults }: Replacement): readonly Treated[] => [
  ...rules.filter(({ action }) => action !== 'pass'),
  ...(defaults ? [BY_DEFAULT] : []),
];

function ownFindings(index: PolicyIndex, rule: IntentRule, one: Known): Finding[] {
  const about = { ruleId: rule.key, witness: one.witness ?? null };
  const idsOf = (rules: ReadonlySet<IntentRule>) =>
    [...rules].sort((a, b) => index.places.get(a)! - index.places.get(b)!).map(({ key }) => key);
  if (!one.matches)
    return [{ ...about, code: 'irrelevant', reason: whyIrrelevant(index, rule), otherIds: [], witness: null }];
  if (!one.decides) {
    const isOpposed = [...one.before].some(
      (other) => EFFECT[other.action] !== EFFECT[rule.action] || saysOtherwise(other, rule),
    );
    const reason = isOpposed ? 'opposite' : 'same';
    return [{ ...about, code: 'shadowed', reason, otherIds: idsOf(one.before) }];
  }
  if (one.isNeeded) return [];
  const reason = one.defaultsBehind ? 'defaults' : 'rules';
  return [{ ...about, code: 'redundant', reason, otherIds: idsOf(one.behind) }];
}

function whyIrrelevant(index: PolicyIndex, { from, to }: IntentRule): Finding['reason'] {
  const isNobody = (nums: readonly number[] | null): boolean =>
    nums?.every((num) => {
      const set = index.sets.get(num);
      const tenant = set?.tenant ?? null;
      if (!set || tenant === null) return set?.isEmpty !== false;
      return ![...index.networks.values()].some(({ byOwner }) => byOwner.has(tenant));
    }) ?? false;
  return isNobody(from) ? 'nobody-from' : isNobody(to) ? 'nobody-to' : 'never-meet';
}
