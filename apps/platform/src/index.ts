export { type RunningPlatform, startPlatform } from './compose.ts';
export { type Config, type ConfigInput, configOf, readConfig } from './config.ts';
export { StartError } from './errors.ts';
export type { FlowDirectory } from './flows/directory.ts';
export { ingest } from './flows/ingest.ts';
