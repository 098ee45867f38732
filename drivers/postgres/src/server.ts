import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  const deadline = performance.now() + LEAVE_WITHIN_MS;
  for (;;) {
    const attempt = launch(options);
    const ended = new AbortController();
    void attempt.ended.then(() => ended.abort());
    if (await becomesReady(attempt.pid, options, ended.signal)) return attempt;
    await attempt.stop();
    const lines = attempt.lastLines();
    if (!LEAVING.test(lines)) throw new PostgresError('POSTGRES_START_FAILED', `PostgreSQL did not start: ${lines}`);
    if (performance.now() > deadline) {
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

/** @returns false when the process ended first, or took too long */
async function becomesReady(pid: number, options: ServerOptions, ended: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!ended.aborted && performance.now() < deadline) {
    if ((await isReady(pid, options.dataDir)) && (await ensureDatabase(options.runDir))) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/**
 * The server writes its state into the last line of postmaster.pid. The socket alone would not do: it may still be that
 * of a server which is leaving.
 */
async function isReady(pid: number, dataDir: string): Promise<boolean> {
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === `${pid}` && lines[7]?.trim() === 'ready';
}

/** @returns false when the server does not take queries after all */
async function ensureDatabase(runDir: string): Promise<boolean> {
  const client = new pg.Client({ host: runDir, user: ROLE, database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`create database ${ROLE}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
