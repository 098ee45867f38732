export type { Detection } from './detector.ts';
export type { SeenName } from './dns-tunnel.ts';
export {
  type SeenFlow,
  type Sighting,
  type SightingContext,
  sightingsOf,
  type ThreatHit,
  type ThreatLookup,
} from './sighting.ts';
export { advance, beginState, MAX_STATE_BYTES, observe, observeName, readState, type VmState } from './vm-watch.ts';
