import type { DuckDBConnection } from '@duckdb/node-api';
import { FlowStoreError } from '../errors.ts';
import type { Column } from '../rows/column.ts';
import { COLUMNS, NAME_COLUMNS, TYPES } from './columns.ts';
import { KEY_OF_TEXT } from './key.ts';
import { OWNERS_OF_PARTS } from './owners.ts';

/** Raise it with every change of the tables, and say in {@link prepareSchema} how the old ones are brought over. */
const SCHEMA_VERSION = 11;

export const UPDATES = 'flow_updates';
export const NAMES = 'names';
export const BATCHES = 'batches';

/**
 * Makes the tables, or checks that they are ours. There is no index but the batches' key: updates come in order of
 * time, so DuckDB's per-block minima and maxima do an index's work.
 * @throws FlowStoreError `FLOWSTORE_NEWER`
 */
export async function prepareSchema(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
  const found = await connection.runAndReadAll('SELECT max(version) FROM schema_version');
  const version = found.value(0, 0) as number | null;
  if (version !== null && version > SCHEMA_VERSION) {
    throw new FlowStoreError('FLOWSTORE_NEWER', `The flow store has version ${version}; this is ${SCHEMA_VERSION}.`);
  }
  await connection.run(`CREATE TABLE IF NOT EXISTS ${UPDATES} (${definition(COLUMNS)})`);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${NAMES} (${definition(NAME_COLUMNS)})`);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${BATCHES} (id VARCHAR PRIMARY KEY, stored_ms BIGINT NOT NULL)`);
  if (version === SCHEMA_VERSION) return;
  for (const statement of version === null ? [] : columnsSince(version)) await connection.run(statement);
  await connection.run('BEGIN');
  for (const statement of version === null ? [] : tablesSince(version)) await connection.run(statement);
  await connection.run(`INSERT INTO schema_version VALUES (${SCHEMA_VERSION})`);
  await connection.run('COMMIT');
}

const definition = (columns: readonly Pick<Column<never>, 'name' | 'type'>[]): string =>
  columns.map(({ name, type }) => `${name} ${TYPES[type]}`).join(', ');

/** New columns stand at the end, as in {@link COLUMNS}; what was stored without them has none. */
const CHANGES: readonly { readonly version: number; readonly columns: readonly string[] }[] = [
  { version: 2, columns: ['pending_verdict', 'pending_rule_num', 'pending_rule', 'pending_policy'] },
  { version: 3, columns: ['inspection', 'gateway_num', 'gateway'] },
  { version: 4, columns: ['application', 'server_name', 'risks'] },
  { version: 6, columns: ['blocked_by', 'blocked_what'] },
  { version: 7, columns: ['signatures', 'later_gateways'] },
];

/** Of version 11. */
const ORIGINS = ['src_country', 'src_asn', 'dst_country', 'dst_asn'];

const added = (table: string, column: string): string => {
  const { name, type } = COLUMNS.find(({ name }) => name === column)!;
  return `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${name} ${TYPES[type]}`;
};

/** Each can be done twice. */
function columnsSince(version: number): string[] {
  return CHANGES.filter((change) => change.version > version)
    .flatMap(({ columns }) => columns)
    .map((column) => added(UPDATES, column));
}

/** All of them or none. There were no names before version 5: their table was made just now. */
function tablesSince(version: number): string[] {
  const tables = version >= 5 ? [UPDATES, NAMES] : [UPDATES];
  return tables.flatMap((table) => [
    ...(version < 8 ? addressesInHalves(table) : []),
    ...(version < 9 ? ownersInOne(table) : []),
    ...(version < 9 && table === UPDATES ? [`ALTER TABLE ${table} ALTER key TYPE BIGINT USING ${KEY_OF_TEXT}`] : []),
    // At the end, behind what was made anew.
    ...(version < 10 && table === UPDATES ? [`ALTER TABLE ${table} ADD COLUMN is_first BOOLEAN`] : []),
    ...(version < 11 && table === UPDATES ? ORIGINS.map((name) => added(table, name)) : []),
  ]);
}

/** Until version 7 an address was one number of 128 bits. */
function addressesInHalves(table: string): string[] {
  const halves = ['src_ip', 'dst_ip'].flatMap((ip) => [
    `CAST(${ip} // 18446744073709551616 AS UBIGINT) AS ${ip}_hi`,
    `CAST(${ip} % 18446744073709551616 AS UBIGINT) AS ${ip}_lo`,
  ]);
  return madeAnew(table, ['src_ip', 'dst_ip'], halves);
}

/** Until version 8 the parts of an owner were columns of their own. */
const ownersInOne = (table: string): string[] =>
  madeAnew(
    table,
    OWNERS_OF_PARTS.flatMap(({ names }) => names),
    OWNERS_OF_PARTS.map(({ sql }) => sql),
  );

const madeAnew = (table: string, without: readonly string[], instead: readonly string[]): string[] => [
  `CREATE TABLE ${table}_anew AS SELECT * EXCLUDE (${without.join(', ')}), ${instead.join(', ')} FROM ${table} ORDER BY end_ms`,
  `DROP TABLE ${table}`,
  `ALTER TABLE ${table}_anew RENAME TO ${table}`,
];
