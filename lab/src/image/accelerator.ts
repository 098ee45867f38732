import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { recipeKey } from '@hypervigil/gateway';
import { withLock } from '../lock.ts';
import { runOk } from '../run.ts';
import type { ProbeImage } from './image.ts';

/** A guest that boots says so within about a second with KVM; one that hangs never does. */
const PROBE_MS = 8_000;

/**
 * Whether this machine's KVM runs a guest kernel, found by booting one: /dev/kvm also exists where a paravirtual KVM
 * runs no stock kernel. The answer is remembered per kernel and QEMU.
 */
export async function probeAccelerator(cacheDir: string, image: ProbeImage): Promise<'kvm' | 'qemu'> {
  if (!existsSync('/dev/kvm')) return 'qemu';
  const qemu = await runOk(['qemu-system-x86_64', '--version']);
  const file = join(cacheDir, `accelerator-${recipeKey({ qemu, kernel: release(), cpu: cpuModel() })}`);
  return withLock(join(cacheDir, 'accelerator.lock'), 60_000, async () => {
    if (existsSync(file)) return readFileSync(file, 'utf8') === 'kvm' ? 'kvm' : 'qemu';
    const answer = (await boots(image)) ? 'kvm' : 'qemu';
    writeFileSync(`${file}.new`, answer);
    renameSync(`${file}.new`, file);
    return answer;
  });
}

function cpuModel(): string {
  return /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
}

function boots(image: ProbeImage): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...['-machine', 'pc,accel=kvm', '-m', '128', '-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
      ...['-kernel', image.kernel, '-initrd', image.initramfs, '-append', 'console=ttyS0 quiet panic=-1 hv.name=probe'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const end = setTimeout(() => child.kill('SIGKILL'), PROBE_MS);
  let said = '';
  let booted = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4096);
    if (!said.includes('init: ready probe')) return;
    booted = true;
    child.kill('SIGKILL');
  });
  child.on('error', () => resolve(false));
  child.on('close', () => {
    clearTimeout(end);
    resolve(booted);
  });
  return promise;
}
