import type { CloudState } from './cloud.ts';
import { compileIntent } from './compiler.ts';
import type { Decision } from './evaluate.ts';
import { intentAt } from './in-force.ts';
import { createJudge } from './judge.ts';
import { createPlacer, type Traffic } from './traffic.ts';

/** Traffic of which two states of the policies say different things. */
export interface VerdictChange<T extends Traffic> {
  readonly traffic: T;
  readonly before: Decision;
  readonly after: Decision;
}

export interface Simulation<T extends Traffic> {
  readonly changes: readonly VerdictChange<T>[];
  /** What could not be judged, since the cloud is another now. */
  readonly unplaced: readonly T[];
}

/** How much is judged before somebody else may run: some ten milliseconds. */
const STEP = 2_000;
const STAMP = { revision: 0, policyRevision: 0 };

/**
 * What recorded traffic would meet if other policies were published: each connection is judged anew by both, in the cloud as it
 * is now, by the rules in force at an instant. Yields between parts of the work; returns the changes in the order of the traffic.
 */
export function* simulate<T extends Traffic>(
  cloud: CloudState,
  policies: CloudState['policies'],
  traffic: readonly T[],
  at: Date,
): Generator<void, Simulation<T>> {
  const place = createPlacer(cloud);
  yield;
  const published = createJudge(intentAt(compileIntent(cloud, STAMP), at));
  yield;
  const draft = createJudge(intentAt(compileIntent({ ...cloud, policies }, STAMP), at));
  const changes: VerdictChange<T>[] = [];
  const unplaced: T[] = [];
  for (const [i, one] of traffic.entries()) {
    if (i % STEP === 0) yield;
    const placed = place(one);
    if (!placed) {
      unplaced.push(one);
      continue;
    }
    const [before, after] = [published(placed.packet), draft(placed.packet)];
    if (before.verdict !== after.verdict) changes.push({ traffic: one, before, after });
  }
  return { changes, unplaced };
}
