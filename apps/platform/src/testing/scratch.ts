import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from '@hypervigil/postgres';
import pg from 'pg';

/** A PostgreSQL server of the test's own, with as many empty databases as it likes. */
export interface Scratch {
  readonly dir: string;
  readonly postgres: Postgres;
  /** @returns the address of a new, empty database */
  createDatabase(): Promise<string>;
  remove(): Promise<void>;
}

/** Unless it is to be killed, the server does not wait for the disk: its data are thrown away. */
export async function createScratch(options: { durable?: boolean } = {}): Promise<Scratch> {
  const dir = await mkdtemp(join(tmpdir(), 'hv-'));
  // The database's account has to pass.
  await chmod(dir, 0o711);
  const postgres = await startPostgres({
    dataDir: join(dir, 'data'),
    runDir: join(dir, 'run'),
    // The server's programs are copied once for all tests.
    cacheDir: join(tmpdir(), 'hypervigil-postgres-runtime'),
    settings: options.durable ? {} : { fsync: 'off', full_page_writes: 'off' },
  });
  const { host, user } = postgres.connection as { host: string; user: string };
  let count = 0;
  return {
    dir,
    postgres,
    async createDatabase() {
      const name = `test_${++count}`;
      const urlOf = (database: string) => `postgres://${user}@localhost/${database}?host=${encodeURIComponent(host)}`;
      await query(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    async remove() {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** One statement past the platform. */
export async function query(databaseUrl: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}
