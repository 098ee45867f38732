import { type EmbeddedOptions, type Postgres, startPostgres } from './embedded.ts';
import { PostgresError } from './errors.ts';

export interface PostgresConfig {
  /** `DATABASE_URL`: a server of the operator's. Absent or empty: the embedded one. */
  readonly databaseUrl?: string | undefined;
  readonly embedded: EmbeddedOptions;
}

/**
 * The database that the configuration asks for. An external server is not contacted here: the first query is its test.
 * @throws PostgresError `POSTGRES_BAD_URL` and whatever {@link startPostgres} throws
 */
export async function resolvePostgres(config: PostgresConfig): Promise<Postgres> {
  if (!config.databaseUrl) return startPostgres(config.embedded);
  const connectionString = requirePostgresUrl(config.databaseUrl);
  return { connection: Object.freeze({ connectionString }), pid: () => null, stop: async () => undefined };
}

function requirePostgresUrl(text: string): string {
  const url = URL.parse(text);
  if (url !== null && ['postgres:', 'postgresql:'].includes(url.protocol)) return text;
  // The value may hold a password, so the message does not repeat it.
  throw new PostgresError(
    'POSTGRES_BAD_URL',
    'DATABASE_URL is not a PostgreSQL address. It looks like postgres://user:password@server:5432/database.',
  );
}
