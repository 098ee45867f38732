import type { Detection } from '../detector.ts';
import { sightingsOf } from '../sighting.ts';
import { advance, beginState, observe, type VmState } from '../vm-watch.ts';
import type { Arrival } from './traffic.ts';

export interface Told extends Detection {
  readonly vmId: string;
  /** When the platform knew it. */
  readonly atMs: number;
}

/** What is told of generated flows, as the platform does it: a turn each second. */
export function watch(arrivals: readonly Arrival[], states: Map<string, VmState> = new Map()): Told[] {
  const told: Told[] = [];
  let secondMs = 0;
  const turn = (untilMs: number) => {
    for (; secondMs <= untilMs; secondMs += 1000)
      for (const [vmId, state] of states)
        told.push(...advance(state, secondMs).map((one) => ({ ...one, vmId, atMs: secondMs })));
  };
  for (const { atMs, flow } of arrivals) {
    turn(atMs);
    for (const seen of sightingsOf(flow)) {
      const state = states.getOrInsertComputed(seen.vmId, beginState);
      told.push(...observe(state, seen).map((one) => ({ ...one, vmId: seen.vmId, atMs })));
    }
  }
  turn(secondMs + 10_000);
  return told;
}
