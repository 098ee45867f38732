export { type RunningEngine, startEngine } from './compose.ts';
export { type Command, type EngineConfig, type JoinConfig, parseCommand } from './config.ts';
export { join } from './enrolment/join.ts';
export { EngineError, type EngineErrorCode } from './errors.ts';
export { createAggregator } from './flows/aggregate.ts';
export { exportTo } from './flows/gathering.ts';
export { toSample } from './flows/sample.ts';
