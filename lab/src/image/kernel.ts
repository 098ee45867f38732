import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { guestKernelPackages, loadOrder, recipeKey } from '@hypervigil/gateway';
import { LabError } from '../errors.ts';
import { runOk } from '../run.ts';
import { cached } from './cache.ts';

/** What a probe guest's kernel needs as modules; what the kernel has built in is left out. */
const GUEST_MODULES = ['virtio_pci', 'virtio_net', 'virtio_console', 'virtio_blk', 'af_packet', '8021q'] as const;

/** The kernel loads compressed modules only where it was built so; busybox never helps. */
async function decompressed(file: string): Promise<Buffer> {
  if (file.endsWith('.zst')) return zstdDecompressSync(readFileSync(file));
  if (!file.endsWith('.xz')) return readFileSync(file);
  await runOk(['xz', '--decompress', file]);
  return readFileSync(file.slice(0, -'.xz'.length));
}

/**
 * The distribution's kernel for guests, downloaded but not installed: `vmlinuz`, and `modules/` with the modules that a
 * probe guest needs and the file `order`. Without a network, the newest one built before.
 */
export async function ensureKernel(cacheDir: string): Promise<string> {
  try {
    return await currentKernel(cacheDir);
  } catch {
    const before = newestKernel(cacheDir);
    if (before) return before;
  }
  try {
    // A new machine has no package lists, and an old one lists of packages that are gone.
    await runOk(['apt-get', '-q', 'update'], { timeoutMs: 300_000 });
    return await currentKernel(cacheDir);
  } catch (error) {
    throw new LabError('LAB_IMAGE', 'No kernel for guests: see that packages can be had (apt-get update)', error);
  }
}

async function currentKernel(cacheDir: string): Promise<string> {
  const packages = await guestKernelPackages();
  const key = recipeKey({ packages: packages.join(' '), modules: GUEST_MODULES.join(' '), format: '1' });
  return cached(cacheDir, 'kernel', key, (dir) => buildKernel(packages, dir));
}

function newestKernel(cacheDir: string): string | undefined {
  const made = readdirOrNone(cacheDir).filter((name) => /^kernel-[0-9a-f]+$/.test(name));
  const byAge = made.map((name) => ({ dir: join(cacheDir, name), time: statSync(join(cacheDir, name)).mtimeMs }));
  return byAge.toSorted((a, b) => b.time - a.time)[0]?.dir;
}

async function buildKernel(packages: readonly string[], dir: string): Promise<void> {
  const work = join(dir, 'work');
  const root = join(work, 'root');
  mkdirSync(work);
  const download = ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', ...packages];
  await runOk(download, { cwd: work, timeoutMs: 300_000 });
  for (const deb of readdirSync(work)) await runOk(['dpkg-deb', '-x', join(work, deb), root], { timeoutMs: 120_000 });
  const vmlinuz = readdirSync(join(root, 'boot')).find((f) => f.startsWith('vmlinuz-'));
  if (!vmlinuz) throw new LabError('LAB_IMAGE', `Packages ${packages.join(', ')} hold no kernel`);
  const version = vmlinuz.slice('vmlinuz-'.length);
  copyFileSync(join(root, 'boot', vmlinuz), join(dir, 'vmlinuz'));
  chmodSync(join(dir, 'vmlinuz'), 0o644);
  writeFileSync(join(dir, 'version'), `${version}\n`);
  // Newer distributions have merged /lib into /usr/lib.
  const base = [root, join(root, 'usr')].find((d) => existsSync(join(d, 'lib/modules', version)));
  if (!base) throw new LabError('LAB_IMAGE', `Packages ${packages.join(', ')} hold no modules`);
  await runOk(['depmod', '-b', base, version]);
  await copyModules(join(base, 'lib/modules', version), join(dir, 'modules'));
  rmSync(work, { recursive: true });
}

async function copyModules(from: string, to: string): Promise<void> {
  mkdirSync(to);
  const names: string[] = [];
  for (const path of loadOrder(readFileSync(join(from, 'modules.dep'), 'utf8'), GUEST_MODULES)) {
    const name = path.replace(/^.*\//, '').replace(/\.ko.*$/, '.ko');
    writeFileSync(join(to, name), await decompressed(join(from, path)));
    names.push(name);
  }
  writeFileSync(join(to, 'order'), `${names.join('\n')}\n`);
}

function readdirOrNone(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir) : [];
}
