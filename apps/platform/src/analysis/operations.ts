import { checkAssertions } from '../assertions/check.ts';
import { analysePolicy, policyMatrix, reachPolicy } from '../policy/analysis.ts';
import { comparePolicies } from '../policy/compare.ts';
import { recommendPolicy } from '../recorded/recommendation.ts';
import { simulatePolicy } from '../recorded/simulation.ts';

/** What is worked on apart from the platform's own loop. */
export const OPERATIONS = {
  analysePolicy,
  reachPolicy,
  policyMatrix,
  comparePolicies,
  checkAssertions,
  recommendPolicy,
  simulatePolicy,
} as const;

type Operations = typeof OPERATIONS;
export type Operation = keyof Operations;
export type InputOf<O extends Operation> = Parameters<Operations[O]>[1];
export type AnswerOf<O extends Operation> = Awaited<ReturnType<Operations[O]>>;
