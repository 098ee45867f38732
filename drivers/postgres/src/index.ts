export { SYSTEM_USER } from './account.ts';
export {
  type EmbeddedOptions,
  type Postgres,
  type PostgresConnection,
  startPostgres,
} from './embedded.ts';
export { PostgresError, type PostgresErrorCode } from './errors.ts';
export { type PostgresConfig, resolvePostgres } from './resolve.ts';
