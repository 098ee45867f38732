import type { ColumnType } from 'kysely';

/** Given by the database when absent. */
export type Now = ColumnType<Date, Date | undefined, Date>;
export type When = ColumnType<Date | null, Date | null | undefined, Date | null>;
