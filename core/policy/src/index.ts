export {
  type Block,
  canonicalBlock,
  compareBlocks,
  contains,
  type Family,
  formatBlock,
  linkLocal,
  mergeBlocks,
  parseBlock,
  widthOf,
} from './address.ts';
export { type AddressList, addressBlocks, entryMistake, inAddressSet, listMistakes } from './address-list.ts';
export { type AddressLookup, createAddressLookup } from './address-lookup.ts';
export { type Analysis, createAnalysis, type TrafficAssertion, type TrafficQuestion } from './analysis/analysis.ts';
export type { ReachChange } from './analysis/comparison.ts';
export type { Where } from './analysis/end.ts';
export type { Finding } from './analysis/finding.ts';
export type { Reach, Violation } from './analysis/reach.ts';
export { servicesText } from './analysis/service-set.ts';
export { checkPolicies, type PolicySet } from './check.ts';
export { checkGroups } from './check-groups.ts';
export {
  type CloudAddressSet,
  type CloudChange,
  type CloudGroup,
  type CloudLimit,
  type CloudNetwork,
  type CloudPolicy,
  type CloudSchedule,
  type CloudService,
  type CloudState,
  type CloudTenant,
  type CloudVm,
  type CloudVnic,
  cloudGroup,
} from './cloud.ts';
export { compileIntent, createIntentCompiler, type IntentCompiler } from './compiler.ts';
export { deniesSet } from './denies-set.ts';
export { EFFECT } from './effect.ts';
export { type Decision, evaluate, evaluatePending, type PendingDecision } from './evaluate.ts';
export { evaluatePendingPolicies, evaluatePolicies } from './evaluate-policies.ts';

export { createGroupIndex } from './group-index.ts';
export { equal } from './history/equal.ts';
export { diffFields, type FieldChange } from './history/fields.ts';
export { type Conflict, type Edited, mergePolicy } from './history/merge.ts';
export { diffPolicies, type PolicyDifference, type RuleDifference } from './history/revisions.ts';
export { rulePatch } from './history/rule-patch.ts';
export { holds, nextChange } from './hours.ts';
export { intentAt, isExpired, nextTurn, patchInForce } from './in-force.ts';
export { createJudge, type Judge } from './judge.ts';
export {
  limitValues,
  NEARNESS,
  type NearLimit,
  type Nearness,
  nearestLimits,
  nearnessOf,
  networkLimit,
} from './limits.ts';
export { ordersAt } from './move.ts';
export { type Packet, PROTOCOL } from './packet.ts';
export { applyPatch, canonicalIntent, diffIntent, type Stamp } from './patch.ts';
export { type AddressRange, parseRange } from './ranges.ts';
export type { Evidence } from './recommend/evidence.ts';
export type { Outlier, OutlierReason, Seen } from './recommend/outliers.ts';
export { type Recommendation, recommend, type Subject } from './recommend/recommend.ts';
export { type Recording, recordingOf } from './recording.ts';
export { longestRising } from './rising.ts';
export { compileServices } from './services.ts';
export { setNum } from './sets.ts';
export { type Simulation, simulate, type VerdictChange } from './simulate.ts';
export { createPlacer, type Placed, type Traffic } from './traffic.ts';
export { findUnused, type Recorded, type UnusedRule } from './unused.ts';
