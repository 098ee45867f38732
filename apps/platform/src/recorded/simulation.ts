import type { PolicySimulation } from '@hypervigil/contract';
import type { Talk } from '@hypervigil/flowstore';
import { simulate, type VerdictChange } from '@hypervigil/policy';
import type { Desk } from '../analysis/desk.ts';
import { inTurns } from './in-turns.ts';
import { namesFor } from './names.ts';
import { sumOf } from './sum.ts';
import type { Recording } from './talks.ts';
import { instants } from './window.ts';

interface Input {
  readonly recording: Recording;
  /** Of the changes that are told one by one. */
  readonly limit: number;
}

/** What the draft would have said of recorded connections, beside what is published. */
export async function simulatePolicy(
  desk: Desk,
  { recording, limit }: Input,
  signal: AbortSignal,
): Promise<PolicySimulation> {
  const { talks, truncated } = recording;
  const [published, draft] = [await desk.subject('published'), await desk.subject('draft')];
  const steps = simulate(published.cloud, draft.cloud.policies, talks, new Date());
  const { changes, unplaced } = await inTurns(steps, signal);
  const kinds = Map.groupBy(changes, kindOf);
  const [cut, opened, others] = (['cut', 'opened', 'other'] as const).map((kind) => kinds.get(kind) ?? []);
  const left = new Set(unplaced);
  const names = namesFor(published.names, [...published.cloud.policies, ...draft.cloud.policies]);
  return {
    ...instants(recording),
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
