import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpio, recipeKey } from '@hypervigil/gateway';
import { cached } from './cache.ts';
import { initramfsEntries } from './initramfs.ts';
import { ensureKernel } from './kernel.ts';

/** What a probe guest boots. */
export interface ProbeImage {
  readonly kernel: string;
  readonly initramfs: string;
}

/** The probe guest's kernel and initramfs, built when they are not in the cache. */
export async function ensureImage(cacheDir: string): Promise<ProbeImage> {
  const kernelDir = await ensureKernel(cacheDir);
  // Not compressed: unpacking would cost an emulated processor more than the copy.
  const archive = cpio(await initramfsEntries(kernelDir));
  const dir = await cached(cacheDir, 'initramfs', recipeKey({ archive }), async (into) => {
    writeFileSync(join(into, 'initramfs'), archive);
    chmodSync(join(into, 'initramfs'), 0o644);
  });
  return { kernel: join(kernelDir, 'vmlinuz'), initramfs: join(dir, 'initramfs') };
}
