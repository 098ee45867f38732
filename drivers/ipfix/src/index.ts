export { createIpfixDecoder, type DecoderOptions, type IpfixDecoder } from './decoder.ts';
export { ELEMENT, type FieldSpec, REVERSE_ENTERPRISE, VARIABLE_LENGTH } from './elements.ts';
export { FlowRecord } from './flow-record.ts';
export type { DecoderStats, MalformedReason } from './stats.ts';
export { type CacheLimits, DEFAULT_LIMITS } from './template-cache.ts';
