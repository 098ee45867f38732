import type { IntentRule } from '@hypervigil/model';
import { getOrAdd } from '../maps.ts';
import { type Endpoint, mayMatch, type NetworkIndex, type PolicyIndex } from './policy-index.ts';
import type { ServiceSpace } from './service-set.ts';
import { createSlice, type Slice } from './slice.ts';

/**
 * All packets of a cloud in slices apart from each other, as small as the rules allow: of each network each tenant's
 * own traffic, of which only its rules and the provider's speak, and what goes between owners, of which only the
 * provider's do.
 */
export function* slicesOf(index: PolicyIndex, services: ServiceSpace): Iterable<Slice> {
  const provider = createRuleFinder(
    index,
    index.rules.filter((rule) => rule.tenant === null),
  );
  const byTenant = new Map<number, IntentRule[]>();
  for (const rule of index.rules) if (rule.tenant !== null) getOrAdd(byTenant, rule.tenant, () => []).push(rule);

  for (const network of index.networks.values()) {
    const slice = (own: readonly IntentRule[], owners: readonly Endpoint['owner'][], pairs: 'all' | 'foreign') => {
      const rules = [...provider(network, owners), ...own]
        .filter(mayMatch(index, network, owners))
        .sort((a, b) => index.places.get(a)! - index.places.get(b)!);
      const here = new Set(owners);
      const policies = [{ index, rules }];
      return createSlice({ services, network: network.num, policies, pairs, includes: ({ owner }) => here.has(owner) });
    };
    const owners = [...network.byOwner.keys()];
    for (const owner of owners) if (owner !== 'nobody') yield slice(byTenant.get(owner) ?? [], [owner], 'all');
    if (owners.length > 1 || owners.includes('nobody')) yield slice([], owners, 'foreign');
  }
}

/** Finds those of many rules that may speak of some owners' addresses on a network, without a look at each. */
function createRuleFinder(index: PolicyIndex, rules: readonly IntentRule[]) {
  const bySet = new Map<number, IntentRule[]>();
  const anywhere: IntentRule[] = [];
  const isWide = (nums: readonly number[] | null): boolean =>
    nums === null ||
    nums.some((num) => index.sets.get(num)?.tenant !== null || index.sets.get(num)?.blocks.length !== 0);
  for (const rule of rules) {
    // One side of named groups is enough to find it by.
    const side = [rule.from, rule.to].find((nums) => !isWide(nums));
    if (!side) anywhere.push(rule);
    for (const num of side ?? []) getOrAdd(bySet, num, () => []).push(rule);
  }
  return (network: NetworkIndex, owners: readonly Endpoint['owner'][]): Iterable<IntentRule> => {
    const found = new Set(anywhere);
    for (const owner of owners)
      for (const num of network.setsOf.get(owner) ?? []) for (const rule of bySet.get(num) ?? []) found.add(rule);
    return found;
  };
}
