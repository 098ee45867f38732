import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { PostgresError } from './errors.ts';

/** Who the server runs as. PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The server's own system account, made on first use: never one that another program has too (`nobody`, Debian's
 * `libvirt-qemu`), or what escapes from a guest would own the database. A bare number would do for the server, but
 * initdb insists on a name ("could not look up effective user ID").
 */
export const SYSTEM_USER = 'hypervigil-postgres';

/**
 * Chooses the server's account. Without root there is no choice. With root: the one asked for, else the owner of an
 * existing data directory, else the system account.
 * @throws PostgresError `POSTGRES_NO_ACCOUNT`
 */
export async function chooseAccount(dataDir: string, uid?: number): Promise<Account> {
  const self = { uid: process.geteuid!(), gid: process.getegid!() };
  if (self.uid !== 0) return self;
  if (uid !== undefined) return { uid, gid: uid };
  const owner = await stat(dataDir).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await findUser(SYSTEM_USER)) ?? (await createUser(SYSTEM_USER));
}

async function findUser(name: string): Promise<Account | null> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([user]) => user === name);
  return fields === undefined ? null : { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function createUser(name: string): Promise<Account> {
  const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  const failure = await promisify(execFile)('useradd', [...options, '--shell', '/usr/sbin/nologin', name]).then(
    () => undefined,
    (error: Error) => error,
  );
  const user = await findUser(name);
  if (user !== null) return user;
  throw new PostgresError(
    'POSTGRES_NO_ACCOUNT',
    `The database needs a system account of its own, and ${name} could not be made. Make it, or start without root.`,
    { cause: failure },
  );
}
