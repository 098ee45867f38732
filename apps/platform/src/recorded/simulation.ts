import type { PolicySimulation } from '@hypervigil/contract';
import type { FlowStore, Talk } from '@hypervigil/flowstore';
import { simulate, type VerdictChange } from '@hypervigil/policy';
import { asking } from '../flows/asking.ts';
import { loadCloud } from '../intent/cloud.ts';
import { readDraft } from '../policy/draft.ts';
import type { Database } from '../state/database.ts';
import { inTurns } from './in-turns.ts';
import { namesFor } from './names.ts';
import { sumOf } from './sum.ts';
import { decidedIn, instants, lastDays, MAX_TALKS } from './window.ts';

interface Input {
  readonly days: number;
  /** Of the changes that are told one by one. */
  readonly limit: number;
}

/** What the draft would have said of the connections of the last days, beside what is published. */
export async function simulatePolicy(
  { db, flows }: { readonly db: Database; readonly flows: Pick<FlowStore, 'talks'> },
  { days, limit }: Input,
  signal: AbortSignal,
): Promise<PolicySimulation> {
  const window = lastDays(days);
  const { talks, truncated } = await asking(() => flows.talks(decidedIn(window), MAX_TALKS));
  const cloud = await loadCloud(db);
  const draft = (await readDraft(db)).filter(({ change }) => change !== 'removed');
  const { changes, unplaced } = await inTurns(simulate(cloud, draft, talks, new Date()), signal);
  const kinds = Map.groupBy(changes, kindOf);
  const [cut, opened, others] = (['cut', 'opened', 'other'] as const).map((kind) => kinds.get(kind) ?? []);
  const left = new Set(unplaced);
  const names = await namesFor(db, [...cloud.policies, ...draft]);
  return {
    ...instants(window),
    items: [...cut!, ...opened!, ...others!].slice(0, limit).map(({ traffic, before, after }) => ({
      ...names.talk(traffic),
      recorded: traffic.verdict,
      before: names.judged(before),
      after: names.judged(after),
    })),
    cut: sumOfChanges(cut!),
    opened: sumOfChanges(opened!),
    seen: sumOf(talks.filter((talk) => !left.has(talk))),
    unplaced: sumOf(unplaced),
    truncated,
  };
}

/** `other`: refused either way, in another manner. */
function kindOf({ before, after }: VerdictChange<Talk>): 'cut' | 'opened' | 'other' {
  if (before.verdict === 'allow') return 'cut';
  return after.verdict === 'allow' ? 'opened' : 'other';
}

const sumOfChanges = (changes: readonly VerdictChange<Talk>[]) => sumOf(changes.map(({ traffic }) => traffic));
