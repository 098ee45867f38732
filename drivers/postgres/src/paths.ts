import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { PostgresError } from './errors.ts';

/** sockaddr_un's sun_path, with its closing zero (unix(7)). */
const MAX_SOCKET_PATH = 108;

const SOCKET_NAME = '.s.PGSQL.5432';

/** @throws PostgresError `POSTGRES_BAD_PATH` when a socket in `runDir` would have too long a name. */
export function requireSocketPath(runDir: string): void {
  const path = join(runDir, SOCKET_NAME);
  if (Buffer.byteLength(path) < MAX_SOCKET_PATH) return;
  throw new PostgresError('POSTGRES_BAD_PATH', `${path} is too long for a unix socket. Choose a shorter directory.`);
}

/** @throws PostgresError `POSTGRES_BAD_PATH` when a folder above `path` does not let the account through. */
export async function requireReachable(path: string, account: Account): Promise<void> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => null);
    if (info !== null && !mayEnter(info, account)) {
      throw new PostgresError(
        'POSTGRES_BAD_PATH',
        `${folder} is closed to the database's account (uid ${account.uid}). ` +
          'Choose a directory elsewhere, such as /var/lib/hypervigil, or let others enter it (chmod o+x).',
      );
    }
    if (folder === dirname(folder)) return;
  }
}

function mayEnter(info: { mode: number; uid: number; gid: number }, account: Account): boolean {
  if (info.uid === account.uid) return (info.mode & 0o100) !== 0;
  if (info.gid === account.gid) return (info.mode & 0o010) !== 0;
  return (info.mode & 0o001) !== 0;
}
