import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { ROOT, sourcesOf, type Workspace, workspaces } from './workspaces.ts';

/** Which layer may import which (docs: architecture, "imports go down only"). */
const MAY: Readonly<Record<string, readonly string[]>> = {
  apps: ['drivers', 'core'],
  drivers: ['core/model'],
  core: ['core'],
  lab: ['apps', 'drivers', 'core'],
  bench: ['lab', 'apps', 'drivers', 'core'],
};
/** The parts that run in a person's browser or terminal see nothing of hosts and databases. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'apps/console': ['core/contract', 'core/model', 'core/policy'],
  'apps/cli': ['core/contract', 'core/interchange', 'core/model', 'core/policy'],
};

const IMPORT =
  /(?:^|[\n;])\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

const layerOf = (folder: string) => folder.split('/')[0] ?? folder;

export function mayImport(from: string, to: string): boolean {
  const allowed = ONLY[from] ?? MAY[layerOf(from)] ?? [];
  return allowed.some((prefix) => to === prefix || to.startsWith(`${prefix}/`));
}

/** The specifiers of every import, export-from and import() of a source. */
export const importsOf = (text: string): string[] => [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2]!);

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function mistakesOf(file: string, workspace: Workspace, byName: ReadonlyMap<string, Workspace>): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const inTest = /\/(test|testing)\//.test(file) || /\.config\.ts$/.test(file);
  const mistakes: string[] = [];
  for (const specifier of importsOf(text)) {
    if (isBuiltin(specifier)) {
      if (workspace.folder.startsWith('core/') && !inTest)
        mistakes.push(`${file}: core is pure, but imports ${specifier}`);
    } else if (specifier.startsWith('.')) {
      const target = normalize(join(dirname(file), specifier));
      if (!target.startsWith(`${workspace.folder}/`))
        mistakes.push(`${file}: reaches into ${target}; import the package by its name`);
    } else {
      const name = packageOf(specifier);
      const declared =
        workspace.dependencies.has(name) ||
        (inTest && workspace.devDependencies.has(name)) ||
        (inTest && name === 'fast-check');
      if (!declared && name !== workspace.name)
        mistakes.push(`${file}: ${name} is not among the dependencies of ${workspace.name}`);
      const target = byName.get(name);
      // Tests may stand on the real thing next door, whatever its layer.
      if (target !== undefined && !inTest && target !== workspace && !mayImport(workspace.folder, target.folder)) {
        mistakes.push(`${file}: ${workspace.folder} may not import ${target.folder}`);
      }
    }
  }
  return mistakes;
}

/** A circle among the packages of core, or undefined. */
function circle(all: readonly Workspace[], byName: ReadonlyMap<string, Workspace>): string | undefined {
  const visit = (workspace: Workspace, path: readonly string[]): string | undefined => {
    if (path.includes(workspace.name)) return [...path, workspace.name].join(' → ');
    for (const name of workspace.dependencies) {
      const next = byName.get(name);
      const found = next && visit(next, [...path, workspace.name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const workspace of all) {
    const found = visit(workspace, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every import that goes the wrong way, or that no package declares. */
export function layerMistakes(): string[] {
  const all = workspaces();
  const byName = new Map(all.map((w) => [w.name, w]));
  const mistakes = all.flatMap((workspace) =>
    sourcesOf(workspace).flatMap((file) => mistakesOf(file, workspace, byName)),
  );
  const found = circle(all, byName);
  return found === undefined ? mistakes : [...mistakes, `packages in a circle: ${found}`];
}
