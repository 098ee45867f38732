export { type ClickHouseStoreOptions, openClickHouseStore } from './clickhouse/clickhouse-store.ts';
export { type DuckDbStoreOptions, openDuckDbStore } from './duckdb/duckdb-store.ts';
export { type ParquetCell, type ParquetColumn, writeParquet } from './duckdb/parquet.ts';
export { FlowStoreError, type FlowStoreErrorCode } from './errors.ts';
export type {
  Edge,
  EdgeEnd,
  FlowGroup,
  FlowIdentity,
  FlowRow,
  RuleHits,
  SeriesPoint,
  StoredFlow,
  Talk,
  TopFlows,
  Turn,
} from './flow.ts';
export type { NameRow, StoredName } from './name.ts';
export type {
  FlowFilter,
  FlowOrder,
  FlowReader,
  FlowStore,
  FlowStoreStats,
  FlowTopOrder,
  NameFilter,
  Page,
} from './store.ts';
