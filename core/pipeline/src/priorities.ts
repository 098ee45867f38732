import { PipelineError } from './errors.ts';

/** Priorities of rules in a tier's table. Zero is the table's own. */
const HIGHEST = 65_535;

/**
 * A priority for each key, falling in the order given, spread so that later insertions find room. Keys keep the
 * priority they had in `previous` as far as order allows; all are spread anew only where a gap is full.
 */
export function allocatePriorities(
  orderedKeys: readonly string[],
  previous: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  if (orderedKeys.length > HIGHEST)
    throw new PipelineError('too-many-rules', `a tier holds ${HIGHEST} rules, not ${orderedKeys.length}`);
  const kept = longestFalling(orderedKeys, previous);
  const priorities = new Map<string, number>();
  let above = HIGHEST + 1;
  let waiting: string[] = [];
  for (const key of [...orderedKeys, undefined]) {
    const fixed = key === undefined ? 0 : kept.has(key) ? (previous.get(key) ?? 0) : undefined;
    if (key !== undefined && fixed === undefined) {
      waiting.push(key);
      continue;
    }
    const below = fixed ?? 0;
    if (above - below - 1 < waiting.length) return allocatePriorities(orderedKeys);
    const step = (above - below) / (waiting.length + 1);
    for (const [i, one] of waiting.entries()) priorities.set(one, Math.floor(above - step * (i + 1)));
    if (key !== undefined) priorities.set(key, below);
    above = below;
    waiting = [];
  }
  return priorities;
}

/** The most keys whose previous priorities already fall in this order. */
function longestFalling(keys: readonly string[], previous: ReadonlyMap<string, number>): Set<string> {
  interface Link {
    readonly key: string;
    readonly value: number;
    readonly before: Link | undefined;
  }
  /** Ends of the best falling chains by length, highest end first. */
  const ends: Link[] = [];
  for (const key of keys) {
    const value = previous.get(key);
    if (value === undefined) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]!.value > value) low = middle + 1;
      else high = middle;
    }
    ends[low] = { key, value, before: ends[low - 1] };
  }
  const chain = new Set<string>();
  for (let link = ends.at(-1); link; link = link.before) chain.add(link.key);
  return chain;
}
