import { TIERS, type Tier } from '@hypervigil/model';
import type { CloudPolicy } from './cloud.ts';

/** The order of decision: tiers, then policies by their order (and id, where two share one). */
export function comparePolicies(a: CloudPolicy, b: CloudPolicy): number {
  return tierRank(a.tier) - tierRank(b.tier) || a.order - b.order || compareText(a.id, b.id);
}

export function tierRank(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/** By code units: the same on every machine, unlike a locale's order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
