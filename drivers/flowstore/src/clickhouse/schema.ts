import { FlowStoreError } from '../errors.ts';
import type { FlowRow } from '../flow.ts';
import type { NameRow } from '../name.ts';
import type { Column } from '../rows/column.ts';
import { flowColumns } from '../rows/columns.ts';
import { nameColumns } from '../rows/name-columns.ts';
import { foldedName, owners } from './columns.ts';
import { type NativeColumn, typeOf } from './native.ts';
import type { Server } from './server.ts';

/** Raise it with every change of the tables, and say in {@link prepareSchema} how the old ones are brought over. */
const SCHEMA_VERSION = 2;
const SECONDS = 30;

/** Updates, names and the ids of batches, so that a batch is one part of one table: there whole, or not at all. */
export const RECORDS = 'records';
export const CLAIMS = 'claims';

/** What a record is. */
export const KIND = { update: 0, name: 1, batch: 2 } as const;

export const UPDATE_COLUMNS: readonly Column<FlowRow>[] = [
  ...flowColumns(owners<FlowRow>()),
  foldedName<FlowRow>((row) => row.inspection?.name ?? null),
];
export const NAME_COLUMNS: readonly Column<NameRow>[] = [
  ...nameColumns(owners<NameRow>()),
  foldedName<NameRow>((row) => row.name),
];
/** What updates have nothing of. */
const OF_NAMES = NAME_COLUMNS.filter(({ name }) => !UPDATE_COLUMNS.some((column) => column.name === name));

/** Every update has these. */
const REQUIRED = [
  ...['end_ms', 'start_ms', 'key', 'host', 'point', 'protocol', 'src_port', 'dst_port', 'verdict', 'rule_num'],
  ...['revision', 'bytes', 'packets', 'reply_bytes', 'reply_packets', 'tcp_flags'],
];

/** Of the table of records, without those that tell what a record is. */
export const RECORD_COLUMNS: readonly Omit<NativeColumn, 'pieces'>[] = [...UPDATE_COLUMNS, ...OF_NAMES].map(
  ({ name, type }) => ({ name, type, isNullable: !REQUIRED.includes(name) }),
);

const defined = (column: (typeof RECORD_COLUMNS)[number]): string => `${column.name} ${typeOf(column)}`;
const columns = RECORD_COLUMNS.map(defined).join(', ');

const STATEMENTS = [
  'CREATE TABLE IF NOT EXISTS schema_version (version UInt32) ENGINE = MergeTree ORDER BY version',
  // By the hour of arrival, so that what came together is in one part, and what is old goes with few others.
  `CREATE TABLE IF NOT EXISTS ${RECORDS} (record UInt8, batch String, place UInt64, stored DateTime, ${columns})
    ENGINE = MergeTree PARTITION BY toStartOfHour(stored) ORDER BY (record, batch, end_ms)`,
  `CREATE TABLE IF NOT EXISTS ${CLAIMS} (id String, attempt String, ended UInt8, at DateTime DEFAULT now())
    ENGINE = MergeTree PARTITION BY toStartOfHour(at) ORDER BY id`,
];

/** @throws FlowStoreError `FLOWSTORE_NEWER` */
export async function prepareSchema(server: Server): Promise<void> {
  await server.run(`CREATE DATABASE IF NOT EXISTS \`${server.database}\``, SECONDS, {}, null);
  for (const statement of STATEMENTS) await server.run(statement, SECONDS);
  const version = Number(`${await server.run('SELECT max(version) FROM schema_version', SECONDS)}`);
  if (version > SCHEMA_VERSION)
    throw new FlowStoreError('FLOWSTORE_NEWER', `The flow store has version ${version}; this is ${SCHEMA_VERSION}.`);
  if (version === SCHEMA_VERSION) return;
  await addColumns(server);
  await server.run(`INSERT INTO schema_version SELECT toUInt32(${SCHEMA_VERSION})`, SECONDS);
}

/** Those that older versions did not have: what was stored without them has none. Another process may be doing the same. */
async function addColumns(server: Server): Promise<void> {
  const missing = await missingColumns(server);
  if (missing.length === 0) return;
  const added = missing.map((column) => `ADD COLUMN ${defined(column)}`).join(', ');
  await server.run(`ALTER TABLE ${RECORDS} ${added}`, SECONDS).catch(async (error: unknown) => {
    if ((await missingColumns(server)).length > 0) throw error;
  });
}

async function missingColumns(server: Server): Promise<typeof RECORD_COLUMNS> {
  const sql = `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '${RECORDS}'`;
  const present = new Set(`${await server.run(sql, SECONDS)}`.split('\n'));
  return RECORD_COLUMNS.filter(({ name }) => !present.has(name));
}
