import type { PostgresConnection } from '@hypervigil/postgres';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { MIGRATIONS } from './migrations/index.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;
export type Tx = Transaction<Tables>;

const INT8 = 20;
/** Our 64-bit columns are counters and 32-bit numbers, far below 2⁵³; pg would give them as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

export function clientConfig(connection: PostgresConnection): pg.ClientConfig {
  return { ...connection, types, connectionTimeoutMillis: 3_000, application_name: 'hypervigil' };
}

/** A pool of connections. One that breaks is replaced by the next query's. */
export function openDatabase(connection: PostgresConnection, onError: (error: Error) => void, max = 16): Database {
  const pool = new pg.Pool({ ...clientConfig(connection), max });
  // The pool listens to idle connections only: one that breaks between two statements of a transaction would end us.
  pool.on('connect', (client) => client.on('error', onError));
  pool.on('error', () => undefined);
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** Brings the schema up to date. Processes that start at once wait for each other (the migrator holds an advisory lock). */
export async function migrate(db: Database): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('The database schema could not be brought up to date.', { cause: error });
}

/**
 * SQLSTATE classes and socket errors that mean "not now": connection exceptions, the server shutting down or starting,
 * too many connections, a full disk, serialisation failures (PostgreSQL manual, appendix A).
 */
const PASSING = /^(08|57P0[1-5]|53[1-4]00|58030|40001|40P01|ECONN|ENOENT|EPIPE|ETIMEDOUT)/;
/** What pg itself says, without a code, when the connection is lost or none was to be had. */
const PASSING_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection/;

/** Whether the database is away, so that the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && PASSING.test(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  return PASSING_MESSAGE.test(error.message) || (error.cause !== undefined && isUnavailable(error.cause));
}

/** The name of the unique or foreign key constraint that a statement broke, if that is what happened. */
export function brokenConstraint(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' || code === '23503' ? constraint : undefined;
}
