import type { HostIntent } from '@hypervigil/model';
import type { FlowDelta, FlowSpec } from '@hypervigil/ovs';
import type { PolicedPort } from './ports.ts';

/** All that the flows of a switch depend on. */
export interface CompileInput {
  readonly intent: HostIntent;
  readonly ports: readonly PolicedPort[];
  /** OpenFlow port towards the other hosts; null while there is none. */
  readonly uplink: number | null;
  /** Numbers of vNICs whose connections began where this switch did not see it. */
  readonly carryOver: ReadonlySet<number>;
}

/** Flows for an input, and then for each further input what differs. */
export interface PipelineCompiler {
  flows(): readonly FlowSpec[];
  update(input: CompileInput): FlowDelta;
}

/** Every port closed. */
export function createCompiler(_input: CompileInput): PipelineCompiler {
  return {
    flows: () => [{ table: 0, priority: 0, cookie: 0n, match: '', actions: 'drop' }],
    update: () => ({ upsert: [], remove: [] }),
  };
}
