import type { IntentRule } from '@hypervigil/model';
import type { Endpoint, PolicyIndex } from './policy-index.ts';
import type { ServiceSpace } from './service-set.ts';
import { createSlice, type Slice } from './slice.ts';

/**
 * All packets of a cloud in slices apart from each other, as small as the rules allow: of each network each tenant's
 * own traffic, of which only its rules and the provider's speak, and what goes between owners, of which only the
 * provider's do.
 */
export function* slicesOf(index: PolicyIndex, services: ServiceSpace): Iterable<Slice> {
  for (const network of index.networks.values()) {
    const slice = (rules: readonly IntentRule[], owners: readonly Endpoint['owner'][], pairs: 'all' | 'foreign') => {
      const here = new Set(owners);
      const policies = [{ index, rules }];
      return createSlice({ services, network: network.num, policies, pairs, includes: ({ owner }) => here.has(owner) });
    };
    const owners = [...network.byOwner.keys()];
    for (const owner of owners) if (owner !== 'nobody') yield slice(index.rulesOn(network, [owner]), [owner], 'all');
    if (owners.length > 1 || owners.includes('nobody'))
      yield slice(
        index.rulesOn(network, owners, () => false),
        owners,
        'foreign',
      );
  }
}
