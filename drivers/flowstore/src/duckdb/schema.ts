import type { DuckDBConnection } from '@duckdb/node-api';
import { FlowStoreError } from '../errors.ts';
import { COLUMNS } from './columns.ts';

/** Raise it with every change of the tables, and say in {@link prepareSchema} how the old ones are brought over. */
const SCHEMA_VERSION = 1;

export const UPDATES = 'flow_updates';
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
  const columns = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ');
  await connection.run(`CREATE TABLE IF NOT EXISTS ${UPDATES} (${columns})`);
  await connection.run(`CREATE TABLE IF NOT EXISTS ${BATCHES} (id VARCHAR PRIMARY KEY, stored_ms BIGINT NOT NULL)`);
  if (version === null) await connection.run(`INSERT INTO schema_version VALUES (${SCHEMA_VERSION})`);
}
