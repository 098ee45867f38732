import type { FlowStore, Talk } from '@hypervigil/flowstore';
import { asking } from '../flows/asking.ts';
import { decidedIn, lastDays, MAX_TALKS, type Window } from './window.ts';

/** What was said in a time, as far as it is looked at. */
export interface Recording extends Window {
  readonly talks: readonly Talk[];
  /** There was more; the rarest was left out. */
  readonly truncated: boolean;
}

export async function lastTalks(flows: Pick<FlowStore, 'talks'>, days: number): Promise<Recording> {
  const window = lastDays(days);
  return { ...window, ...(await asking(() => flows.talks(decidedIn(window), MAX_TALKS))) };
}
