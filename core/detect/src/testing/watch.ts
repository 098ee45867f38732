import type { Detection } from '../detector.ts';
import type { Effort } from '../effort.ts';
import { sightingsOf } from '../sighting.ts';
import { advance, beginState, observe, observeName, type VmState } from '../vm-watch.ts';
import { type Arrival, CONTEXT } from './traffic.ts';

export interface Told extends Detection {
  readonly vmId: string;
  /** When the platform knew it. */
  readonly atMs: number;
}

/** Answers are waited for so long; later, nothing happens of itself. */
const RESTLESS_MS = 15_000;

/**
 * What is told of generated flows, as the platform does it: a turn each second for a while after each of them.
 * @param effort that is asked for of every VM
 */
export function watch(
  arrivals: readonly Arrival[],
  states: Map<string, VmState> = new Map(),
  effort: Effort = {},
): Told[] {
  const context = { ...CONTEXT, effortOf: () => effort };
  const told: Told[] = [];
  let secondMs = 0;
  let lastMs = 0;
  const turn = (untilMs: number) => {
    for (; secondMs <= Math.min(untilMs, lastMs + RESTLESS_MS); secondMs += 1000)
      for (const [vmId, state] of states)
        told.push(...advance(state, secondMs, effort).map((one) => ({ ...one, vmId, atMs: secondMs })));
    secondMs = Math.max(secondMs, Math.floor(untilMs / 1000) * 1000);
  };
  for (const { atMs, flow, name } of arrivals) {
    turn(atMs);
    lastMs = atMs;
    const tell = (vmId: string, judge: (state: VmState) => readonly Detection[]) =>
      told.push(...judge(states.getOrInsertComputed(vmId, beginState)).map((one) => ({ ...one, vmId, atMs })));
    if (flow === undefined) tell(name.vmId, (state) => observeName(state, { ...name, effort }));
    else for (const seen of sightingsOf(flow, context)) tell(seen.vmId, (state) => observe(state, seen));
  }
  turn(lastMs + RESTLESS_MS);
  return told;
}
