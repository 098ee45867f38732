export {
  type BatchSink,
  type Collector,
  type CollectorOptions,
  type CollectorStats,
  type RecordSink,
  startCollector,
} from './collector.ts';
export { createIpfixDecoder, type DecoderOptions, type IpfixDecoder } from './decoder.ts';
export { ELEMENT, type FieldSpec, REVERSE_ENTERPRISE, VARIABLE_LENGTH } from './elements.ts';
export { encodeMessage, type FieldValue, type MessageSpec, type SetSpec, type TemplateSpec } from './encoder.ts';
export { IpfixError, type IpfixErrorCode } from './errors.ts';
export type { FlowRecord } from './flow-record.ts';
export { openReceiver } from './open-receiver.ts';
export type { OnDatagram, Receiver } from './receiver.ts';
export type { DecoderStats, MalformedReason } from './stats.ts';
export { type CacheLimits, DEFAULT_LIMITS } from './template-cache.ts';
