import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspaces.ts';

/** A package as npm locks it (lockfile version 3). */
interface Locked {
  /** Where it differs from the path's end: workspaces. */
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** A workspace's place in node_modules; `resolved` is its folder. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  optionalDependencies?: Record<string, string>;
}
export interface Lockfile {
  /** By path; the root's is empty. */
  readonly packages: Record<string, Locked>;
}

const FILE = join(ROOT, 'package-lock.json');

/** The path of a dependency of the package at `path`, where npm looks for it: beside it, then upwards. */
export function lockedAt(lock: Lockfile, path: string, name: string): string | undefined {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const found = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    const locked = lock.packages[found];
    if (locked !== undefined) return locked.link === true ? locked.resolved : found;
    if (at === '') return undefined;
  }
}

/** Optional dependencies that are named but not locked, as `package → dependency`. */
export function unlockedOptionals(lock: Lockfile): string[] {
  return Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => lockedAt(lock, path, name) === undefined)
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
      if (lockedAt(lock, path, name) === undefined) delete locked.optionalDependencies?.[name];
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
