import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LabError } from './errors.ts';
import { identify, isAlive, type ProcessIdentity } from './process.ts';
import { waitFor } from './wait.ts';

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new LabError('LAB_STATE', `Lock ${path} cannot be read; remove it if no lab command runs`, error);
  }
}

/** Creates the lock with its content in one step: a lock file is never seen empty. */
function tryLock(path: string, mine: string): boolean {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const owner = readOwner(path);
  if (owner && !isAlive(owner)) {
    // Taken over by renaming, so that of several that see the same dead owner only one removes it.
    const aside = `${mine}.dead`;
    try {
      renameSync(path, aside);
      const taken = readOwner(aside);
      if (taken && isAlive(taken)) linkSync(aside, path);
      rmSync(aside, { force: true });
    } catch (error) {
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return false;
}

function ownerIsDead(file: string): boolean {
  try {
    const owner = readOwner(file);
    return owner !== undefined && !isAlive(owner);
  } catch {
    return false; // Its owner is just writing it.
  }
}

/** Removes what processes that were killed at this lock left beside it. */
function sweep(path: string): void {
  const beside = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
  for (const file of beside.map((name) => join(dirname(path), name))) {
    if (ownerIsDead(file)) rmSync(file, { force: true });
  }
}

/** Runs `work` while holding the lock file; a lock whose owner died is taken over. */
export async function withLock<T>(path: string, timeoutMs: number, work: () => T | Promise<T>): Promise<T> {
  const self = identify(process.pid);
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, JSON.stringify(self), { flag: 'wx' });
  try {
    await waitFor(`lock ${path}`, () => tryLock(path, mine), { timeoutMs, everyMs: 10 }).catch((cause) => {
      const owner = readOwner(path);
      throw new LabError('LAB_BUSY', `Another lab command (process ${owner?.pid}) holds ${path}`, cause);
    });
    try {
      sweep(path);
      return await work();
    } finally {
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
