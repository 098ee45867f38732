import { z } from 'zod';
import type { Attempt } from './attempts.ts';

/** How often a first try succeeds of who knows whom to speak to, and of who does not (θ₀ and θ₁ of Jung et al. 2004). */
const [KNOWS, GUESSES] = [0.8, 0.2];
const STEP = { failure: Math.log((1 - GUESSES) / (1 - KNOWS)), success: Math.log(GUESSES / KNOWS) };
/** Of scanners, 99 % are found; one in a million runs of failures of others is mistaken for one. */
const THRESHOLD = Math.log(0.99 / 1e-6);
/** After so long without a failure what was before counts no more. */
const FORGET_MS = 6 * 3_600_000;
/** Failures this much later than the last success are not of the same time. */
const CREDIT_MS = 2_000;

export const Walk = z.object({
  /** The logarithm of how much likelier the tries are those of a scanner. */
  walk: z.number(),
  lastSuccessMs: z.number(),
  failed: z.int().min(0),
  answered: z.int().min(0),
  sinceMs: z.number(),
  lastMs: z.number(),
});
export type Walk = z.infer<typeof Walk>;

export const beginWalk = (atMs: number): Walk => ({
  ...{ walk: 0, lastSuccessMs: 0, failed: 0, answered: 0 },
  ...{ sinceMs: atMs, lastMs: atMs },
});

/**
 * Takes in what became of a try. A walk does not end with the verdict that somebody is no scanner, but goes on from zero (after Page's
 * CUSUM, 1954): nobody earns the right to scan, and ten failures in a row are enough. Since failures are known later than
 * successes, those of the same time stay to their credit.
 * @param times how many times the usual evidence is asked for
 */
export function step(walk: Walk, { startMs, endMs }: Attempt, succeeded: boolean, times: number): void {
  if (succeeded) {
    walk.walk = Math.max(-THRESHOLD, walk.walk + STEP.success);
    walk.lastSuccessMs = Math.max(walk.lastSuccessMs, startMs);
    if (walk.walk > 0) walk.answered++;
    else Object.assign(walk, { failed: 0, answered: 0, lastMs: startMs });
    return;
  }
  if (walk.failed > 0 && startMs - walk.lastMs > FORGET_MS) Object.assign(walk, beginWalk(startMs));
  if (startMs - walk.lastSuccessMs > CREDIT_MS) walk.walk = Math.max(0, walk.walk);
  // A scanner that finds something stays one for a while.
  walk.walk = Math.min(walk.walk + STEP.failure, times * THRESHOLD + 5 * STEP.failure);
  walk.sinceMs = walk.failed === 0 ? startMs : Math.min(walk.sinceMs, startMs);
  walk.lastMs = Math.max(walk.lastMs, endMs);
  walk.failed++;
}

/** Whether who walks so far is a scanner, to somebody who asks for so many times the usual evidence. */
export const isScan = ({ walk }: Walk, times: number): boolean => walk >= times * THRESHOLD;
