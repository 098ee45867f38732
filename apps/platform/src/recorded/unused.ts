import type { FlowStore } from '@hypervigil/flowstore';
import { type CloudState, findUnused, type Recorded, type UnusedRule } from '@hypervigil/policy';
import { asking } from '../flows/asking.ts';
import type { Database } from '../state/database.ts';
import { publishedSince } from './hits.ts';
import { decidedIn, iso, lastDays } from './window.ts';

/**
 * What was recorded in the last days. Flows may be kept for less than was asked: then for as long as they reach back.
 * @returns null when nothing is recorded
 */
export async function recordedUse(
  flows: Pick<FlowStore, 'ruleHits' | 'vmsSeen' | 'stats'>,
  days: number,
): Promise<Recorded | null> {
  const { oldestMs } = await asking(() => flows.stats());
  if (oldestMs === null) return null;
  const { fromMs, toMs } = lastDays(days);
  const window = { fromMs: Math.max(fromMs, oldestMs), toMs };
  const hits = await asking(() => flows.ruleHits(decidedIn(window)));
  const vmIds = await asking(() => flows.vmsSeen(decidedIn(window)));
  return { ...window, ruleNums: new Set(hits.map(({ ruleNum }) => ruleNum)), vmIds: new Set(vmIds) };
}

/** Rules of which recorded flows show no use, with since when they could have been used. */
export async function unusedRules(
  db: Database,
  cloud: CloudState,
  recorded: Recorded,
): Promise<(UnusedRule & { readonly since: string })[]> {
  const since = await publishedSince(db);
  return findUnused(cloud, since, recorded).map((one) => ({ ...one, since: iso(since.get(one.ruleId)!) }));
}
