export { OvsError, type OvsErrorCode } from './errors.ts';
export { canonicalFlow } from './flows/codec.ts';
export type { FlowChange, FlowDelta, FlowKey, FlowSpec, FlowStats } from './flows/spec.ts';
export type { FlowTable } from './flows/table.ts';
export type { FlowFilter } from './openflow/flow-stats.ts';
export { connectOpenFlow, type OpenFlowSession } from './openflow/session.ts';
export type { TableStats } from './openflow/table-stats.ts';
export type { IpfixOptions } from './ovsdb/ipfix.ts';
export { removeIpfix } from './ovsdb/ipfix.ts';
export { type Mirror, mirrorTables } from './ovsdb/mirror.ts';
export {
  type BridgeOptions,
  deleteBridge,
  deletePort,
  ensurePort,
  type PortOptions,
  setOtherConfig,
} from './ovsdb/operations.ts';
export type { OvsPort } from './ovsdb/ports.ts';
export { connectOvsdb, type Operation, type OperationResult, type Ovsdb, type OvsdbOptions } from './ovsdb/session.ts';
export { mirrorVswitch, type VswitchMirror } from './ovsdb/vswitch.ts';
export type { Address } from './socket.ts';
export { type OpenSwitchOptions, type OvsSwitch, openSwitch } from './switch.ts';
export { type Appctl, createAppctl } from './unixctl/appctl.ts';
export { type Conntrack, createConntrack, type FlushFilter } from './unixctl/conntrack.ts';
export { type ConntrackEntry, type ConntrackTuple, parseConntrack } from './unixctl/conntrack-text.ts';
export { type TraceOptions, traceFlow } from './unixctl/trace.ts';
export { parseTrace, type Trace, type TraceCommit, type TraceSample, type TraceStep } from './unixctl/trace-text.ts';
