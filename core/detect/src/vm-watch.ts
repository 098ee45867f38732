import { z } from 'zod';
import { beacon } from './beacon.ts';
import { bruteForce } from './brute-force.ts';
import { bypass } from './bypass.ts';
import type { Detection, Detector } from './detector.ts';
import { dnsTunnel, type SeenName } from './dns-tunnel.ts';
import type { Effort } from './effort.ts';
import { exfiltration } from './exfiltration.ts';
import { firstSeen } from './first-seen.ts';
import { flood } from './flood.ts';
import { lateral } from './lateral.ts';
import { recognised } from './recognised.ts';
import { refused } from './refused.ts';
import { scan } from './scan.ts';
import type { Sighting } from './sighting.ts';
import { threatHits } from './threat-hits.ts';
import { unusual } from './unusual.ts';

/** Of a detector, a state that is begun anew where what was written down is none of its own. */
const stateOf = <S>({ schema, begin }: Pick<Detector<S, never>, 'schema' | 'begin'>) => schema.catch(begin);

const SCHEMA = z.object({
  /** Whose VM it was when this was learnt; empty before its first flow. */
  tenantId: z.string().max(36).nullable().catch(''),
  scan: stateOf(scan),
  bruteForce: stateOf(bruteForce),
  flood: stateOf(flood),
  refused: stateOf(refused),
  recognised: stateOf(recognised),
  bypass: stateOf(bypass),
  threatHits: stateOf(threatHits),
  beacon: stateOf(beacon),
  exfiltration: stateOf(exfiltration),
  lateral: stateOf(lateral),
  unusual: stateOf(unusual),
  firstSeen: stateOf(firstSeen),
  dnsTunnel: stateOf(dnsTunnel),
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

/** Takes in a flow of the VM that the state is of. What it did for another tenant is none of this one's business, nor its custom. */
export function observe(state: VmState, seen: Sighting): readonly Detection[] {
  if (seen.isToldAgain)
    return [...recognised.observe(state.recognised, seen), ...firstSeen.observe(state.firstSeen, seen)];
  if (state.tenantId !== seen.tenantId) changeHands(state, seen.tenantId);
  const found: Detection[] = [];
  const add = (some: readonly Detection[]) => some.length > 0 && found.push(...some);
  add(scan.observe(state.scan, seen));
  add(bruteForce.observe(state.bruteForce, seen));
  add(flood.observe(state.flood, seen));
  add(refused.observe(state.refused, seen));
  add(recognised.observe(state.recognised, seen));
  add(bypass.observe(state.bypass, seen));
  add(threatHits.observe(state.threatHits, seen));
  add(beacon.observe(state.beacon, seen));
  add(exfiltration.observe(state.exfiltration, seen));
  add(lateral.observe(state.lateral, seen));
  add(unusual.observe(state.unusual, seen));
  add(firstSeen.observe(state.firstSeen, seen));
  return found;
}

function changeHands(state: VmState, tenantId: string | null): void {
  if (state.tenantId !== '') Object.assign(state, beginState());
  state.tenantId = tenantId;
}

/** Takes in a name that the VM asked for. */
export const observeName = (state: VmState, seen: SeenName): readonly Detection[] =>
  dnsTunnel.observe(state.dnsTunnel, seen);

/** Takes in that it is now so late, milliseconds since 1970: only a scan waits for what does not come. */
export const advance = (state: VmState, nowMs: number, effort?: Effort): Detection[] => [
  ...scan.advance(state.scan, nowMs, effort),
];
