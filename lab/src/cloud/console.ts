import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOk } from '../run.ts';
import { CONSOLE_DIST, REPOSITORY } from './program.ts';

const STAMP = join(CONSOLE_DIST, '.built-from');
const SOURCES = [
  'apps/console/{src,public}/**/*',
  'apps/console/{index.html,vite.config.ts,package.json}',
  'core/{contract,model}/src/**/*.ts',
  'package-lock.json',
];

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const pattern of SOURCES) {
    for (const entry of globSync(pattern, { cwd: REPOSITORY, withFileTypes: true }).sort((a, b) =>
      join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
    )) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)));
    }
  }
  return hash.digest('hex');
}

/** Builds the console when its sources are not those that it was built from. */
export async function ensureConsole(): Promise<string> {
  const want = sourcesHash();
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== want) {
    const vite = join(REPOSITORY, 'node_modules/vite/bin/vite.js');
    await runOk([process.execPath, vite, 'build', join(REPOSITORY, 'apps/console'), '--logLevel', 'warn'], {
      timeoutMs: 180_000,
    });
    writeFileSync(STAMP, want);
  }
  return CONSOLE_DIST;
}
