export { PipelineError, type PipelineErrorCode } from './errors.ts';
export { decodeCookie, type FlowChange, type FlowKey, type FlowSpec } from './flow.ts';
export { COLLECTOR_SET, decodeObservation, type Observation } from './observation.ts';
export {
  compilePipeline,
  createPipeline,
  type Pipeline,
  type PipelineInput,
  type PipelineOptions,
  type PipelineUpdate,
} from './pipeline.ts';
export { allocatePriorities } from './priorities.ts';
export { LEARNED_TABLES, TABLES, type TableName } from './tables.ts';
export type { LocalPort } from './vnic-flows.ts';
