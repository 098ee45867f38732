export { type DuckDbStoreOptions, openDuckDbStore } from './duckdb/duckdb-store.ts';
export { FlowStoreError, type FlowStoreErrorCode } from './errors.ts';
export type { Edge, EdgeEnd, FlowIdentity, FlowRow, RuleHits, SeriesPoint, StoredFlow, Talk, Turn } from './flow.ts';
export type { NameRow, StoredName } from './name.ts';
export type { FlowFilter, FlowOrder, FlowStore, FlowStoreStats, NameFilter, Page } from './store.ts';
