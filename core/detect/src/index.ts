export type { Detection } from './detector.ts';
export { type SeenFlow, type Sighting, sightingsOf } from './sighting.ts';
export { advance, beginState, MAX_STATE_BYTES, observe, readState, type VmState } from './vm-watch.ts';
