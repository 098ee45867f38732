import type { HostFirewallStatus } from '@hypervigil/model';

/** Where a policy stands in the table. */
export type Place = 'kept' | 'trial';
export type Count = HostFirewallStatus['rules'][number];
export type PolicyCounts = Pick<HostFirewallStatus, 'rules'> & { readonly inbound: Count; readonly outbound: Count };

export const NOTHING: Count = { packets: 0, bytes: 0 };

/** The counter of a rule by its place in the policy, or of a default. */
export const counterName = (place: Place, of: number | 'inbound' | 'outbound'): string =>
  typeof of === 'number' ? `${place}_rule_${of}` : `${place}_${of}`;

/** What a policy of so many rules has counted, from the table's counters by name. */
export function policyCounts(counters: ReadonlyMap<string, Count>, place: Place, rules: number): PolicyCounts {
  const count = (of: number | 'inbound' | 'outbound'): Count => counters.get(counterName(place, of)) ?? NOTHING;
  return {
    rules: Array.from({ length: rules }, (_, i) => count(i)),
    inbound: count('inbound'),
    outbound: count('outbound'),
  };
}
