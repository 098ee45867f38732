import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { PostgresError } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { spawnAs } from './spawn.ts';

/** The role and the database that the product uses. */
export const ROLE = 'hypervigil';

/**
 * Whoever can enter the socket's directory (mode 0700) is the server's account or root, and both could read the data
 * files anyway, so a password would protect nothing. There is no line for TCP, and the server does not listen on it.
 */
const HBA = 'local all all trust\n';

/**
 * Makes the data directory on first use: beside its place and then renamed, so that one that exists is whole.
 * @returns whether it was made now
 * @throws PostgresError `POSTGRES_OTHER_MAJOR`, `POSTGRES_BAD_PATH`, `POSTGRES_NO_ACCOUNT`, `POSTGRES_INIT_FAILED`
 */
export async function ensureCluster(runtime: Runtime, dataDir: string, account: Account): Promise<boolean> {
  const version = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version !== null) {
    requireMajor(runtime, dataDir, Number.parseInt(version, 10));
    return false;
  }
  await requireEmpty(dataDir);
  const partial = `${dataDir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await privateDirectory(partial, account);
  await initdb(runtime, partial, account);
  await writeFile(join(partial, 'pg_hba.conf'), HBA);
  await rmdir(dataDir).catch(() => undefined);
  await rename(partial, dataDir);
  return true;
}

/** Makes a directory that only the account (and root) can enter. */
export async function privateDirectory(path: string, account: Account): Promise<void> {
  await mkdir(path, { recursive: true });
  if (process.geteuid!() === 0) await chown(path, account.uid, account.gid);
  await chmod(path, 0o700);
}

function requireMajor(runtime: Runtime, dataDir: string, major: number): void {
  if (major === runtime.major) return;
  throw new PostgresError(
    'POSTGRES_OTHER_MAJOR',
    `${dataDir} was made by PostgreSQL ${major}, and this is PostgreSQL ${runtime.major}. ` +
      'Dump it with the old version and restore it with this one, or move it away to begin anew.',
  );
}

async function requireEmpty(dataDir: string): Promise<void> {
  const entries = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new PostgresError('POSTGRES_BAD_PATH', `Cannot read ${dataDir}.`, { cause: error });
  });
  if (entries.length > 0) {
    throw new PostgresError(
      'POSTGRES_BAD_PATH',
      `${dataDir} holds something that is not a PostgreSQL data directory. Name an empty or a new one.`,
    );
  }
}

/** What initdb says of an account that is not, or no longer, in the system's list. */
const NAMELESS = 'could not look up effective user ID';

async function initdb(runtime: Runtime, dataDir: string, account: Account): Promise<void> {
  // The built-in locale does not depend on the C library, whose upgrades silently corrupt text indexes (PG 17+).
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const args = ['-D', dataDir, `--username=${ROLE}`, '--auth=trust', ...locale];
  const child = spawnAs(account, runtime.initdb, args, dataDir);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text));
  const [code] = await once(child, 'close').catch((cause: Error) => {
    throw new PostgresError('POSTGRES_INIT_FAILED', 'initdb could not be started.', { cause });
  });
  if (code === 0) return;
  const said = output.join('').trim();
  throw new PostgresError(
    said.includes(NAMELESS) ? 'POSTGRES_NO_ACCOUNT' : 'POSTGRES_INIT_FAILED',
    `initdb could not make ${dataDir}: ${said.split('\n').slice(-3).join(' ')}`,
  );
}
