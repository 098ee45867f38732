import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { Account } from './account.ts';
import { ROLE } from './cluster.ts';
import { PostgresError } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { type ServerProcess, spawnAs } from './spawn.ts';

export interface ServerOptions {
  readonly runtime: Runtime;
  readonly dataDir: string;
  readonly runDir: string;
  readonly account: Account;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** One life of the server process. */
export interface Server {
  /** Of `postgres`, the postmaster. */
  readonly pid: number;
  /** Settles when the process has ended, with its exit code or signal. */
  readonly ended: Promise<string>;
  /** Fast shutdown: cuts sessions, writes a checkpoint, ends. */
  stop(): Promise<void>;
}

/** Why a server that ended at once may succeed a moment later: the last one's processes are still leaving. */
const LEAVING = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

const READY_WITHIN_MS = 120_000;
const LEAVE_WITHIN_MS = 15_000;

/**
 * Starts the server and waits until it takes queries, recovery after a crash included.
 *
 * A stale postmaster.pid is PostgreSQL's own matter: it takes the file over unless the process named there is alive
 * and owns the directory. Then, and only then, it refuses, and we wait for that process to leave; we never kill it.
 *
 * @throws PostgresError `POSTGRES_IN_USE`, `POSTGRES_START_FAILED`
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const deadline = Date.now() + LEAVE_WITHIN_MS;
  for (;;) {
    const attempt = launch(options);
    const failure = await Promise.race([untilReady(options), attempt.ended]);
    if (failure === null) return attempt;
    const lines = attempt.lastLines();
    if (!LEAVING.test(lines)) throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start: ${lines}`);
    if (Date.now() > deadline) {
      throw new PostgresError(
        'POSTGRES_IN_USE',
        `Another PostgreSQL server uses ${options.dataDir}: ${lines} Stop the other process, or name another directory.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function launch(options: ServerOptions): Server & { lastLines(): string } {
  const child = spawnAs(options.account, options.runtime.postgres, serverArguments(options), options.dataDir);
  const recent: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      recent.push(line);
      if (recent.length > 5) recent.shift();
      options.log(line);
    });
  }
  const ended = once(child, 'close').then(
    ([code, signal]) => `${signal ?? `exit code ${code}`}`,
    (error: Error) => error.message,
  );
  return {
    pid: child.pid ?? 0,
    ended,
    lastLines: () => recent.join(' '),
    stop: () => stopServer(child, ended),
  };
}

async function stopServer(child: ServerProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT');
  await ended;
}

function serverArguments({ dataDir, runDir, settings }: ServerOptions): string[] {
  const all = {
    listen_addresses: '',
    unix_socket_directories: runDir,
    unix_socket_permissions: '0700',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...settings,
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function untilReady({ runDir }: ServerOptions): Promise<null | string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const client = new pg.Client({ host: runDir, user: ROLE, database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await ensureDatabase(client);
      return null;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  return `no answer within ${READY_WITHIN_MS / 1000} s`;
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [ROLE]);
  if (rowCount === 0) await client.query(`create database ${ROLE}`);
}
