import { BIGINT, BOOLEAN, type DuckDBType, UBIGINT, UINTEGER, USMALLINT, UTINYINT, VARCHAR } from '@duckdb/node-api';
import type { FlowRow } from '../flow.ts';
import type { NameRow } from '../name.ts';
import type { ColumnType } from '../rows/column.ts';
import { flowColumns } from '../rows/columns.ts';
import { nameColumns } from '../rows/name-columns.ts';
import { owners } from './owners.ts';

export const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  ...{ text: VARCHAR, u8: UTINYINT, u16: USMALLINT, u32: UINTEGER, i64: BIGINT, bits: UBIGINT, flag: BOOLEAN },
};

/** Of the table of updates. */
export const COLUMNS = flowColumns(owners<FlowRow>());

/** Of the table of names. */
export const NAME_COLUMNS = nameColumns(owners<NameRow>());
