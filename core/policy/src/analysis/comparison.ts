import type { IntentRule } from '@hypervigil/model';
import type { Packet } from '../packet.ts';
import { type Bits, bit } from './bits.ts';
import { changedRules } from './changed-rules.ts';
import { allowedOf } from './decide.ts';
import { describeBox, type Traffic } from './describe.ts';
import type { PacketSet } from './packet-set.ts';
import type { Endpoint, NetworkIndex, PolicyIndex } from './policy-index.ts';
import { decisions, type Reach } from './reach.ts';
import { mayMatch } from './rule-finder.ts';
import type { ServiceSpace } from './service-set.ts';
import { createSlice, type Slice } from './slice.ts';

type Decider = Pick<Reach, 'ruleNum' | 'ruleId' | 'tier'>;

/** Traffic of which the verdict is another. */
export interface ReachChange extends Traffic {
  readonly change: 'opened' | 'closed';
  /** What decided it, and what does now. */
  readonly before: Decider;
  readonly after: Decider;
  readonly witness: Packet;
}

/**
 * What gets through in one state of the cloud and not in the other. Looks only at traffic that a changed rule matches or
 * at which a changed address takes part, so a small change of a large cloud is a small question.
 */
export function* compareReach(before: PolicyIndex, after: PolicyIndex, services: ServiceSpace): Iterable<ReachChange> {
  const keys = changedRules(before, after);
  const rules = [before, after].map((index) => index.rules.filter(({ key }) => keys.has(key)));
  for (const num of new Set([...before.networks.keys(), ...after.networks.keys()])) {
    const slice = jointSlice([before, after], num, { rules }, services);
    if (!slice) continue;
    const { space, policies, sample } = slice;
    const region = changedPackets(slice, [before, after], keys);
    if (space.isEmpty(region)) continue;
    const [was, is] = policies.map((policy) => allowedOf(space, policy, region));
    const changes = [
      ['opened', space.difference(is!, was!)],
      ['closed', space.difference(was!, is!)],
    ] as const;
    for (const [change, packets] of changes)
      for (const now of decisions(slice, packets, 1))
        for (const then of decisions(slice, now.packets, 0))
          for (const box of space.boxes(then.packets))
            yield {
              change,
              before: deciderOf(then),
              after: deciderOf(now),
              ...describeBox(slice, [before, after], box),
              witness: sample(space.box(box))!,
            };
  }
}

const deciderOf = ({ ruleNum, ruleId, tier }: Decider): Decider => ({ ruleNum, ruleId, tier });

type Both = readonly [PolicyIndex, PolicyIndex];

/** The slice of a network as both states have it; undefined where nothing that is there has changed. */
function jointSlice(both: Both, num: number, changed: Changed, services: ServiceSpace): Slice | undefined {
  const networks = both.map((index) => index.networks.get(num) ?? nowhere(num));
  const owners = [...new Set(networks.flatMap(({ byOwner }) => [...byOwner.keys()]))];
  const concerns = both.flatMap(({ sets }, i) => changed.rules[i]!.filter(mayMatch(sets, networks[i]!, owners)));
  const isElsewhere = hasMoved(both, num) || defaultsMoved(both, owners);
  // Rules of a tenant concern its own vNICs only.
  const taking = new Set<Endpoint['owner']>(
    isElsewhere || concerns.some(({ tenant }) => tenant === null) ? owners : concerns.map(({ tenant }) => tenant!),
  );
  const there = owners.filter((owner) => taking.has(owner));
  if (there.length === 0) return undefined;
  return createSlice({
    services,
    network: num,
    policies: both.map((index, i) => ({ index, rules: index.rulesOn(networks[i]!, there) })),
    includes: ({ owner }) => taking.has(owner),
  });
}

interface Changed {
  /** As each of the two states has them. */
  readonly rules: readonly (readonly IntentRule[])[];
}

const nowhere = (num: number): NetworkIndex => ({ num, endpoints: new Map(), byOwner: new Map(), setsOf: new Map() });

function hasMoved([before, after]: Both, num: number): boolean {
  const [old, now] = [before.networks.get(num)?.endpoints, after.networks.get(num)?.endpoints];
  if (old?.size !== now?.size) return true;
  return [...(now ?? [])].some(([address, endpoint]) => !isSameEndpoint(old?.get(address), endpoint));
}

const defaultsMoved = ([before, after]: Both, owners: readonly Endpoint['owner'][]): boolean =>
  owners.some((owner) => owner !== 'nobody' && before.open.has(owner) !== after.open.has(owner));

function isSameEndpoint(a: Endpoint | undefined, b: Endpoint | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.quarantined !== b.quarantined) return false;
  return a.owner === b.owner && new Set(a.sets).symmetricDifference(new Set(b.sets)).size === 0;
}

/** Traffic that may be judged otherwise. */
function changedPackets(slice: Slice, both: Both, rules: ReadonlySet<string>): PacketSet {
  const { space, policies, within, classes, services, network } = slice;
  const every = services.of([]);
  const isMoved = (address: string): boolean => {
    const [old, now] = both.map(({ networks }) => networks.get(network)?.endpoints.get(address));
    const defaults = [old, now].some(
      (one) => one !== undefined && one.owner !== 'nobody' && defaultsMoved(both, [one.owner]),
    );
    return defaults || !isSameEndpoint(old, now);
  };
  const moved = classes.reduce<Bits>((bits, one, n) => (one.addresses.some(isMoved) ? bits | bit(n) : bits), 0n);
  const everyone = classes.reduce<Bits>((bits, _, n) => bits | bit(n), 0n);
  const matched = policies.flatMap((policy) => policy.rules.filter(({ rule }) => rules.has(rule.key)));
  return [
    ...matched.map(({ match }) => match),
    within({ src: moved, dst: everyone, services: every }),
    within({ src: everyone, dst: moved, services: every }),
  ].reduce(space.union, []);
}
