import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
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
  mkdirSync(cacheDir, { recursive: true, mode: 0o755 });
  return withLock(join(cacheDir, `${kind}.lock`), 600_000, async () => {
    if (existsSync(dir)) return dir;
    const temporary = mkdtempSync(join(cacheDir, `${kind}.new-`));
    try {
      await build(temporary);
      renameSync(temporary, dir);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    return dir;
  });
}
