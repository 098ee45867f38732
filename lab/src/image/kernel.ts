import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { LabError } from '../errors.ts';
import { run, runOk } from '../run.ts';
import { cached } from './cache.ts';
import { GUEST_MODULES, loadOrder } from './modules.ts';
import { recipeKey } from './recipe.ts';

/** Packages that always name the newest kernel for guests: Debian's, then Ubuntu's. */
const KERNEL_PACKAGES = ['linux-image-cloud-amd64', 'linux-image-virtual'] as const;

/** The packages with a kernel and its modules, as `apt-cache depends --recurse` prints them. */
export function kernelPackages(depends: string): string[] {
  const names = [...depends.matchAll(/^\s*\|?Depends: (linux-(?:image|modules)-\d\S*)$/gm)].map((m) => m[1]!);
  return [...new Set(names)];
}

async function resolveKernel(): Promise<string[]> {
  for (const name of KERNEL_PACKAGES) {
    const depends = await run(['apt-cache', 'depends', '--recurse', '--no-suggests', '--no-recommends', name]);
    const packages = depends.code === 0 ? kernelPackages(depends.stdout) : [];
    if (packages.length > 0) return packages;
  }
  throw new LabError('LAB_IMAGE', `No package of ${KERNEL_PACKAGES.join(', ')} is known: run apt-get update`);
}

function decompressed(file: string): Promise<Buffer> | Buffer {
  if (file.endsWith('.zst')) return zstdDecompressSync(readFileSync(file));
  if (file.endsWith('.xz')) return decompressXz(file);
  return readFileSync(file);
}

async function decompressXz(file: string): Promise<Buffer> {
  const copy = `${file}.copy.xz`;
  copyFileSync(file, copy);
  await runOk(['xz', '--decompress', '--force', copy]);
  return readFileSync(copy.slice(0, -3));
}

/**
 * The distribution's kernel for guests, downloaded but not installed: `vmlinuz`, and `modules/` with the modules that a
 * probe guest needs and the file `order`. Asks the package lists of this machine only.
 */
export async function ensureKernel(cacheDir: string): Promise<string> {
  const packages = await resolveKernel();
  const key = recipeKey({ packages: packages.join(' '), modules: GUEST_MODULES.join(' '), format: '1' });
  return cached(cacheDir, 'kernel', key, async (dir) => {
    const work = join(dir, 'work');
    mkdirSync(work);
    await runOk(['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages], {
      cwd: work,
      timeoutMs: 300_000,
    });
    for (const deb of readdirSync(work))
      await runOk(['dpkg-deb', '-x', join(work, deb), join(work, 'root')], { timeoutMs: 120_000 });
    const root = join(work, 'root');
    const vmlinuz = readdirSync(join(root, 'boot')).find((f) => f.startsWith('vmlinuz-'));
    if (!vmlinuz) throw new LabError('LAB_IMAGE', `Packages ${packages.join(', ')} hold no kernel`);
    const version = vmlinuz.slice('vmlinuz-'.length);
    const library = [join(root, 'lib/modules', version), join(root, 'usr/lib/modules', version)].find(
      (d) => readdirSafe(d).length > 0,
    );
    if (!library) throw new LabError('LAB_IMAGE', `Packages ${packages.join(', ')} hold no modules`);
    await runOk(['depmod', '-b', library.slice(0, -`/lib/modules/${version}`.length), version]);
    copyFileSync(join(root, 'boot', vmlinuz), join(dir, 'vmlinuz'));
    mkdirSync(join(dir, 'modules'));
    const order = loadOrder(readFileSync(join(library, 'modules.dep'), 'utf8'), GUEST_MODULES);
    const names: string[] = [];
    for (const path of order) {
      const name = path.replace(/^.*\//, '').replace(/\.ko.*$/, '.ko');
      writeFileSync(join(dir, 'modules', name), await decompressed(join(library, path)));
      names.push(name);
    }
    writeFileSync(join(dir, 'modules/order'), `${names.join('\n')}\n`);
    writeFileSync(join(dir, 'version'), `${version}\n`);
    rmSync(work, { recursive: true });
    chmodSync(dir, 0o755);
    chmodSync(join(dir, 'vmlinuz'), 0o644);
  });
}

function readdirSafe(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
