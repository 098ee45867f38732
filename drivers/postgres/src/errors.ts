export type PostgresErrorCode =
  /** The npm package with the server's binaries is not installed for this architecture. */
  | 'POSTGRES_NO_BINARIES'
  /** No unprivileged account to run the server as. */
  | 'POSTGRES_NO_ACCOUNT'
  /** A path cannot be used: too long for a unix socket, closed to the server's account, or owned by someone else. */
  | 'POSTGRES_BAD_PATH'
  /** The data directory was made by another major version. */
  | 'POSTGRES_OTHER_MAJOR'
  /** Another server is using the data directory. */
  | 'POSTGRES_IN_USE'
  | 'POSTGRES_INIT_FAILED'
  | 'POSTGRES_START_FAILED'
  /** `DATABASE_URL` is not a PostgreSQL address. */
  | 'POSTGRES_BAD_URL';

export class PostgresError extends Error {
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresError';
    this.code = code;
  }
}
