import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspaces.ts';

interface Locked {
  optionalDependencies?: Record<string, string>;
}
interface Lockfile {
  readonly packages: Record<string, Locked>;
}

const FILE = join(ROOT, 'package-lock.json');

/** Where npm looks for a dependency of the package at `path`: beside it, then upwards. */
function isLocked(lock: Lockfile, path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

/** Optional dependencies that are named but not locked, as `package → dependency`. */
export function unlockedOptionals(lock: Lockfile): string[] {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(lock, path, name))
      .map((name) => `${path} → ${name}`),
  );
}

/**
 * Takes out of the lockfile what a registry did not have when it was written: builds for other systems than Linux,
 * which `npm ci` would miss on every machine although it never installs them.
 */
export function prune(lock: Lockfile): void {
  for (const [path, locked] of Object.entries(lock.packages)) {
    for (const name of Object.keys(locked.optionalDependencies ?? {})) {
      if (!isLocked(lock, path, name)) delete locked.optionalDependencies?.[name];
    }
  }
}

export const readLockfile = (): Lockfile => JSON.parse(readFileSync(FILE, 'utf8')) as Lockfile;

/** Run after `npm install` has changed the lockfile. */
if (import.meta.main) {
  const lock = readLockfile();
  prune(lock);
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
}
