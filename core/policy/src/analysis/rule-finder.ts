import type { IntentRule } from '@hypervigil/model';
import { getOrAdd } from '../maps.ts';
import type { Endpoint, NetworkIndex, SetIndex } from './policy-index.ts';

/**
 * Rules that may speak of some owners' addresses on a network, in the order of decision: the provider's, and those of
 * the owners that are heard (all of them, unless told otherwise). Some of them may still match nothing.
 */
export type RuleFinder = (
  network: NetworkIndex,
  owners: readonly Endpoint['owner'][],
  isHeard?: (tenant: number) => boolean,
) => IntentRule[];

/** Rules are found by the groups that have members there, without a look at each. */
export function createRuleFinder(rules: readonly IntentRule[], sets: ReadonlyMap<number, SetIndex>): RuleFinder {
  const places = new Map(rules.map((rule, place) => [rule, place]));
  const byTenant = new Map<number, IntentRule[]>();
  const bySet = new Map<number, IntentRule[]>();
  const anywhere: IntentRule[] = [];
  const isWide = (nums: readonly number[] | null): boolean =>
    nums === null || nums.some((num) => sets.get(num)?.tenant !== null || sets.get(num)?.blocks.length !== 0);
  for (const rule of rules) {
    if (rule.tenant !== null) getOrAdd(byTenant, rule.tenant, () => []).push(rule);
    else {
      // One side of named groups is enough to find it by.
      const side = [rule.from, rule.to].find((nums) => !isWide(nums));
      if (!side) anywhere.push(rule);
      for (const num of side ?? []) getOrAdd(bySet, num, () => []).push(rule);
    }
  }

  return (network, owners, isHeard = () => true) => {
    const found = new Set(anywhere);
    for (const owner of owners) {
      for (const num of network.setsOf.get(owner) ?? []) for (const rule of bySet.get(num) ?? []) found.add(rule);
      if (owner === 'nobody' || !isHeard(owner)) continue;
      for (const rule of byTenant.get(owner) ?? []) found.add(rule);
    }
    return [...found].filter(mayMatch(sets, network, owners)).sort((a, b) => places.get(a)! - places.get(b)!);
  };
}

/** A quick look at which rules have anybody on both sides. */
export function mayMatch(
  sets: ReadonlyMap<number, SetIndex>,
  network: NetworkIndex,
  owners: readonly Endpoint['owner'][],
): (rule: IntentRule) => boolean {
  const present = new Map<number, boolean>();
  const isPresent = (num: number): boolean => {
    const set = sets.get(num);
    if (!set) return false;
    if (set.blocks.length > 0) return true;
    return owners.some((owner) => set.tenant === owner || network.setsOf.get(owner)?.has(num) === true);
  };
  const has = (nums: readonly number[] | null): boolean =>
    nums === null || nums.some((num) => getOrAdd(present, num, () => isPresent(num)));
  return ({ from, to }) => has(from) && has(to);
}
