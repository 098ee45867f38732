import { z } from 'zod';
import { bruteForce } from './brute-force.ts';
import type { Detection } from './detector.ts';
import { flood } from './flood.ts';
import { recognised } from './recognised.ts';
import { refused } from './refused.ts';
import { scan } from './scan.ts';
import type { Sighting } from './sighting.ts';

const SCHEMA = z.object({
  scan: scan.schema.catch(scan.begin),
  bruteForce: bruteForce.schema.catch(bruteForce.begin),
  flood: flood.schema.catch(flood.begin),
  refused: refused.schema.catch(refused.begin),
  recognised: recognised.schema.catch(recognised.begin),
});

/**
 * What all detectors know of one VM: plain data, at most {@link MAX_STATE_BYTES} as JSON. It belongs to the VM and goes where the
 * VM goes.
 */
export type VmState = z.infer<typeof SCHEMA>;

/** The bound that tests hold hostile traffic against. */
export const MAX_STATE_BYTES = 12_288;

export const beginState = (): VmState => readState({});

/** A state that was written down. What is not one, or is a detector's of another version, is begun anew. */
export const readState = (saved: unknown): VmState => SCHEMA.safeParse(saved).data ?? SCHEMA.parse({});

/** Takes in a flow of the VM that the state is of. */
export function observe(state: VmState, seen: Sighting): Detection[] {
  return [
    ...scan.observe(state.scan, seen),
    ...bruteForce.observe(state.bruteForce, seen),
    ...flood.observe(state.flood, seen),
    ...refused.observe(state.refused, seen),
    ...recognised.observe(state.recognised, seen),
  ];
}

/** Takes in that it is now so late, milliseconds since 1970. */
export function advance(state: VmState, nowMs: number): Detection[] {
  return [
    ...scan.advance(state.scan, nowMs),
    ...bruteForce.advance(state.bruteForce, nowMs),
    ...flood.advance(state.flood, nowMs),
    ...refused.advance(state.refused, nowMs),
    ...recognised.advance(state.recognised, nowMs),
  ];
}
