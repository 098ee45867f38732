import { dirname, join } from 'node:path';
import { type Account, chooseAccount } from './account.ts';
import { ensureCluster, privateDirectory, ROLE } from './cluster.ts';
import { PostgresError } from './errors.ts';
import { requireReachable, requireSocketPath } from './paths.ts';
import { installRuntime } from './runtime.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

export interface EmbeddedOptions {
  /** Where the data lie. Made on first use. Its parents must let the server's account through. */
  readonly dataDir: string;
  /** Directory of the unix socket: ours alone, made with mode 0700 and given to the server's account. At most 93 bytes. */
  readonly runDir: string;
  /** Where the server's programs are put, once per version (60 MB). Default: beside `dataDir`. */
  readonly cacheDir?: string;
  /** The server's account when we are root. Default: see `chooseAccount`. */
  readonly uid?: number;
  /** Settings of postgresql.conf beside ours, such as `max_connections`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gets our progress and the server's own log, a line each. */
  readonly log?: (line: string) => void;
}

/** What `pg` needs: `new pg.Pool(postgres.connection)`. */
export type PostgresConnection =
  | { readonly host: string; readonly user: string; readonly database: string }
  | { readonly connectionString: string };

export interface Postgres {
  readonly connection: PostgresConnection;
  /** The server's process, null when it is not ours or is just being restarted. */
  pid(): number | null;
  /** Stops the embedded server (fast shutdown); leaves an external one alone. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded server as a private child and keeps it running: a server that dies is started again, which
 * recovers everything that was committed. Open connections break then; a pool reconnects.
 *
 * @throws PostgresError
 */
export async function startPostgres(options: EmbeddedOptions): Promise<Postgres> {
  const log = options.log ?? (() => undefined);
  requireSocketPath(options.runDir);
  const serverOptions = await prepareAnew(options, log);
  const first = await startServer(serverOptions);
  log(`PostgreSQL ${serverOptions.runtime.major} is ready (process ${first.pid}, uid ${serverOptions.account.uid})`);
  return supervise(first, serverOptions);
}

/** Once more if the account went before it was used: whoever takes the machine's last cloud down takes it along. */
async function prepareAnew(options: EmbeddedOptions, log: (line: string) => void): Promise<ServerOptions> {
  const begin = async () => prepare(options, await chooseAccount(options.dataDir, options.uid), log);
  return begin().catch((error) => {
    if (error instanceof PostgresError && error.code === 'POSTGRES_NO_ACCOUNT') return begin();
    throw error;
  });
}

async function prepare(
  options: EmbeddedOptions,
  account: Account,
  log: (line: string) => void,
): Promise<ServerOptions> {
  const { dataDir, runDir, settings = {} } = options;
  const cacheDir = options.cacheDir ?? join(dirname(dataDir), 'postgres-runtime');
  const runtime = await installRuntime(cacheDir);
  for (const path of [dataDir, runDir, runtime.postgres]) await requireReachable(path, account);
  await privateDirectory(runDir, account);
  if (await ensureCluster(runtime, dataDir, account)) log(`PostgreSQL data directory made: ${dataDir}`);
  return { runtime, dataDir, runDir, account, settings, log };
}

const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 10_000;

function supervise(first: Server, options: ServerOptions): Postgres {
  const stopping = new AbortController();
  let current: Server | null = first;

  async function keepRunning(): Promise<void> {
    for (let server: Server | null = first; server !== null; server = await restart(options, stopping.signal)) {
      current = server;
      if (stopping.signal.aborted) await server.stop();
      const reason = await server.ended;
      current = null;
      if (!stopping.signal.aborted) options.log(`PostgreSQL ended (${reason}); starting it again`);
    }
  }

  const running = keepRunning();
  return {
    connection: Object.freeze({ host: options.runDir, user: ROLE, database: ROLE }),
    pid: () => current?.pid ?? null,
    async stop() {
      stopping.abort();
      await current?.stop();
      await running;
    },
  };
}

/** @returns null when we are to stop */
async function restart(options: ServerOptions, stopping: AbortSignal): Promise<Server | null> {
  for (let pause = RESTART_MIN_MS; !stopping.aborted; pause = Math.min(pause * 2, RESTART_MAX_MS)) {
    try {
      return await startServer(options);
    } catch (error) {
      options.log(`${error instanceof Error ? error.message : error}; trying again in ${pause} ms`);
      await pauseFor(pause, stopping);
    }
  }
  return null;
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
