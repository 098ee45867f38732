/**
 * Neutral rules as OpenFlow tables (why: docs/adr/0002-openflow-pipeline.md).
 *
 * ```
 *  vNIC ──► classify ─► spoof ─► neighbour ─┬─► locate ─► addressee ─► conntrack ─► owners ─► state ─┐
 *  trunk ─► classify ─► trunk ──────────────┤     (destination, moved)      (…Owner, scope)          │
 *                                           └─► resolve ─► output      ┌─────────────────────────────┘
 *                                               (ARP, ND, DHCP)        ▼
 *             deny ◄── verdict ◄── emergency ─► platform ─► tenant ─► baseline ─► defaults
 *                         │            (for answers: emergencyReply ─► … ─► defaults)
 *                         └──► chain ─► sample ─► commit ─► steer ─► output ─► port · flood · uplink
 *                               (inspected: through a gateway VM, gateway-flows.ts)
 * ```
 *
 * Copies for mirrors (mirror-flows.ts) are made on the way, at classify, locate and sample.
 *
 * Tables are numbered in {@link TABLES}; registers are named in registers.ts. A flow's cookie says what it is there for.
 */
export { PipelineError, type PipelineErrorCode } from './errors.ts';
export { decodeCookie, type FlowChange, type FlowKey, type FlowSpec } from './flow.ts';
export { FULL_FLOWS, type Full, NONE_FULL, type OfBoth } from './full-flows.ts';
export type { LocalGateway } from './gateway-flows.ts';
export { decodeMeter, type MeterKind, type MeterSpec } from './meter.ts';
export type { LocalMirror } from './mirror-flows.ts';
export {
  COLLECTOR_SET,
  decodeInspector,
  decodeObservation,
  type Inspector,
  inspectorPoint,
  NOBODY,
  type Observation,
} from './observation.ts';
export {
  compilePipeline,
  createPipeline,
  type Pipeline,
  type PipelineInput,
  type PipelineOptions,
  type PipelineUpdate,
} from './pipeline.ts';
export { allocatePriorities } from './priorities.ts';
export { LOGGED_MARK, REVERSED_MARK } from './registers.ts';
export { rejectAnswer } from './reject-answer.ts';
export { LEARNED_TABLES, TABLES, type TableName } from './tables.ts';
export type { LocalPort } from './vnic-flows.ts';
