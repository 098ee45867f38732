import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { GatewayError } from '../errors.ts';
import { run } from '../run.ts';
import type { CpioEntry } from './cpio.ts';
import { neededLibraries, withoutSections } from './elf.ts';
import { loadOrder } from './kernel.ts';
import { type Engine, MODULES, OPENED_LIBRARY, PROGRAMS, ROOT_MODULES } from './recipe.ts';

/** Path → content, of a file system to be. Paths have no leading slash. */
export type Files = Map<string, { readonly data: Buffer; readonly mode: number }>;

export interface GuestKernel {
  readonly version: string;
  readonly image: Buffer;
  /** `modules/NAME.ko`, and `modules/order` in which they are loaded: those that find the root file system, and the rest. */
  readonly rootModules: Files;
  readonly modules: Files;
}

/** A text file with a line for each. */
export const list = (lines: readonly string[]): { data: Buffer; mode: number } => ({
  data: Buffer.from(`${lines.join('\n')}\n`),
  mode: 0o644,
});

const LIBRARY_FOLDERS = ['lib', 'usr/lib', 'lib64', 'usr/lib64'];

/** The programs of the recipe, Node.js, and every library that they need, from the unpacked packages alone. */
export function programFiles(root: string, node: Buffer, engines: readonly Engine[]): Files {
  const libraries = librariesBelow(root);
  const files: Files = new Map();
  const queue: Buffer[] = [];
  const put = (path: string, bytes: Buffer) => {
    files.set(path, { data: withoutSections(bytes), mode: 0o755 });
    queue.push(bytes);
  };
  for (const [from, to] of [PROGRAMS, ...engines.map(({ programs }) => programs)].flatMap(Object.entries<string>)) {
    const file = [from, from.replace(/^usr\//, ''), `usr/${from}`].map((p) => join(root, p)).find(existsSync);
    if (!file) throw new GatewayError('GATEWAY_IMAGE', `The packages hold no ${from}`);
    put(to, readFileSync(file));
  }
  put('bin/node', node);
  for (const path of engines.flatMap((engine) => engine.files))
    files.set(path, { data: readFileSync(join(root, path)), mode: 0o644 });
  for (const name of [...libraries.keys()].filter((one) => OPENED_LIBRARY.test(one)))
    put(`lib/${name}`, readFileSync(libraries.get(name)!));
  for (let bytes = queue.pop(); bytes; bytes = queue.pop()) {
    for (const name of neededLibraries(bytes)) {
      // The loader's path is written into every program; other libraries are looked for in /lib.
      const path = name.startsWith('ld-linux') ? `lib64/${name}` : `lib/${name}`;
      const file = libraries.get(name);
      if (!file) throw new GatewayError('GATEWAY_IMAGE', `The packages hold no library ${name}`);
      if (!files.has(path)) put(path, readFileSync(file));
    }
  }
  return files;
}

/** Name → file, of every library in the unpacked packages, links followed. */
export function librariesBelow(root: string): Map<string, string> {
  const folders = LIBRARY_FOLDERS.flatMap((name) => [
    join(root, name),
    join(root, name, `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`),
  ]);
  const found = new Map<string, string>();
  for (const folder of folders.filter(existsSync)) {
    for (const name of readdirSync(folder).filter((one) => one.includes('.so')))
      if (!found.has(name)) found.set(name, realpathSync(join(folder, name)));
  }
  return found;
}

/** The kernel of the unpacked packages, and of its modules those of the recipe. */
export async function guestKernel(root: string): Promise<GuestKernel> {
  const name = readdirSync(join(root, 'boot')).find((file) => file.startsWith('vmlinuz-'));
  if (!name) throw new GatewayError('GATEWAY_IMAGE', 'The packages hold no kernel');
  const version = name.slice('vmlinuz-'.length);
  const base = ['', 'usr'].map((p) => join(root, p)).find((p) => existsSync(join(p, 'lib/modules', version)));
  if (!base) throw new GatewayError('GATEWAY_IMAGE', `The packages hold no modules for ${version}`);
  const folder = join(base, 'lib/modules', version);
  await run(['depmod', '-b', base, version]);
  const modulesDep = readFileSync(join(folder, 'modules.dep'), 'utf8');
  async function modules(names: readonly string[]): Promise<Files> {
    const files: Files = new Map();
    const paths = loadOrder(modulesDep, names);
    for (const path of paths)
      files.set(`modules/${moduleName(path)}`, { data: await decompressed(join(folder, path)), mode: 0o644 });
    return files.set('modules/order', list(paths.map(moduleName)));
  }
  return {
    version,
    image: readFileSync(join(root, 'boot', name)),
    rootModules: await modules(ROOT_MODULES),
    modules: await modules(MODULES),
  };
}

const moduleName = (path: string) => basename(path).replace(/\.ko.*$/, '.ko');

async function decompressed(file: string): Promise<Buffer> {
  if (file.endsWith('.zst')) return zstdDecompressSync(readFileSync(file));
  if (!file.endsWith('.xz')) return readFileSync(file);
  const plain = file.slice(0, -'.xz'.length);
  if (!existsSync(plain)) await run(['xz', '--decompress', '--keep', file]);
  return readFileSync(plain);
}

/** As entries of an archive: folders first, everything in the order of its path. */
export function archiveEntries(files: Files, folders: readonly string[]): CpioEntry[] {
  const all = new Set(folders);
  for (const path of files.keys()) for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) all.add(dir);
  return [
    ...[...all].sort().map((path) => ({ path, kind: 'directory' }) as const),
    // The kernel opens it for the first process before anything is mounted.
    { path: 'dev/console', kind: 'character device', major: 5, minor: 1 },
    ...[...files]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, file]) => ({ path, kind: 'file', ...file }) as const),
  ];
}
