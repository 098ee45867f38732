import type { FlowFilter, FlowStore, Talk } from '@hypervigil/flowstore';
import { asking } from '../flows/asking.ts';
import { decidedIn, MAX_TALKS, type Window } from './window.ts';

/** What was said in a time, as far as it is looked at. */
export interface Recording extends Window {
  readonly talks: readonly Talk[];
  /** There was more; the rarest was left out. */
  readonly truncated: boolean;
}

/** @param of narrows it */
export async function talksIn(
  flows: Pick<FlowStore, 'talks'>,
  window: Window,
  of: FlowFilter = {},
): Promise<Recording> {
  return { ...window, ...(await asking(() => flows.talks({ ...decidedIn(window), ...of }, MAX_TALKS))) };
}
