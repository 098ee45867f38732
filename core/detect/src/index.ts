export { behaviourOf } from './behaviour.ts';
export type { Detection } from './detector.ts';
export type { SeenName } from './dns-tunnel.ts';
export { type AppliedSetting, type Effort, type Tuning, tuningOf, UNTUNED } from './effort.ts';
export { entitiesOf, entityKey } from './incidents/entities.ts';
export { graphOf } from './incidents/graph.ts';
export { type Grouped, INCIDENT_WINDOW_MS, type OpenIncident, placeAlert } from './incidents/placement.ts';
export { TACTICS_THAT_RAISE } from './incidents/severity.ts';
export { incidentOf, type Summarised } from './incidents/summary.ts';
export { inOrder } from './incidents/timeline.ts';
export { type Judged, type Proposal, proposalsOf } from './proposals.ts';
export { NOT_REPLAYED, type Raised, replay } from './replay.ts';
export { type Act, decide, peerToBlock, rehearse, type Verdict } from './response/playbook.ts';
export {
  type SeenFlow,
  type Sighting,
  type SightingContext,
  sightingsOf,
  type ThreatHit,
  type ThreatLookup,
} from './sighting.ts';
export { advance, beginState, MAX_STATE_BYTES, observe, observeName, readState, type VmState } from './vm-watch.ts';
