import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../lock.ts';

/**
 * The directory of a cached thing; made by `build` in a temporary directory and renamed into place, so that a half-made
 * one is never found.
 */
export async function cached(
  cacheDir: string,
  kind: string,
  key: string,
  build: (dir: string) => Promise<void>,
): Promise<string> {
  const dir = join(cacheDir, `${kind}-${key}`);
  if (existsSync(dir)) return dir;
  mkdirSync(cacheDir, { recursive: true });
  // QEMU's user reads from here, whatever the caller's umask.
  chmodSync(cacheDir, 0o755);
  return withLock(join(cacheDir, `${kind}.lock`), 600_000, async () => {
    if (existsSync(dir)) return dir;
    // Half-made by one that was killed: nobody else builds while the lock is held.
    for (const name of readdirSync(cacheDir).filter((n) => n.startsWith(`${kind}.new-`))) {
      rmSync(join(cacheDir, name), { recursive: true, force: true });
    }
    const temporary = mkdtempSync(join(cacheDir, `${kind}.new-`));
    try {
      await build(temporary);
      chmodSync(temporary, 0o755);
      renameSync(temporary, dir);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return dir;
  });
}
