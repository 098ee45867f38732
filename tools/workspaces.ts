import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One package of the house: where it lies, what it says it depends on. */
export interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
}

export function workspaces(): Workspace[] {
  return globSync('{apps/*,core/*,drivers/*,lab,bench}/package.json', { cwd: ROOT })
    .sort()
    .map((file) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as {
        name: string;
        dependencies?: Record<string, string>;
        optionalDependencies?: Record<string, string>;
        devDependencies?: Record<string, string>;
      };
      return {
        folder: file.replace(/\/package\.json$/, ''),
        name: manifest.name,
        dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })),
        devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
      };
    });
}

/** The package's sources, relative to the root. `test` folders hold what only tests run. */
export function sourcesOf(workspace: Workspace): string[] {
  return globSync(`${workspace.folder}/**/*.{ts,tsx}`, {
    cwd: ROOT,
    exclude: (f) => /(^|\/)(node_modules|dist)$/.test(String(f)),
  }).map((f) => relative(ROOT, join(ROOT, f)));
}
