import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CpioEntry } from '@hypervigil/gateway';
import { LabError } from '../errors.ts';
import { findProgram } from '../preflight.ts';
import { run, runOk } from '../run.ts';
import { GUEST_FOLDER, guestPrograms } from './guest-files.ts';

function program(name: string): string {
  const found = findProgram(name);
  if (!found) throw new LabError('LAB_IMAGE', `Program ${name} is missing on this machine`);
  return found;
}

/** Libraries of a program, as the dynamic loader names them. */
export function parseLdd(text: string): string[] {
  return [...text.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((m) => m[1]!);
}

async function perlFolder(): Promise<string> {
  const inc = (await runOk([program('perl'), '-e', 'print join "\\n", @INC'])).split('\n');
  const base = inc.find((dir) => dir.endsWith('/perl-base'));
  if (!base)
    throw new LabError('LAB_IMAGE', 'perl has no perl-base folder: the lab needs the perl of Debian or Ubuntu');
  return base;
}

/** Tables that only programs with Unicode properties in their patterns load; they are most of perl-base. */
const UNUSED_PERL = /^unicore\//;

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => statSync(join(dir, f)).isFile());
}

/** Everything in a probe guest's memory but the kernel: busybox, perl, modules and the lab's programs. */
export async function initramfsEntries(kernelDir: string): Promise<CpioEntry[]> {
  const files = new Map<string, { data: Uint8Array; mode: number }>();
  const put = (path: string, from: string, mode = 0o755) =>
    files.set(path.replace(/^\//, ''), { data: readFileSync(from), mode });

  put('bin/busybox', program('busybox'));
  put('bin/perl', program('perl'));
  const base = await perlFolder();
  const shared: string[] = [];
  for (const file of filesBelow(base).filter((f) => !UNUSED_PERL.test(f))) {
    put(join(base, file), join(base, file), 0o644);
    if (file.endsWith('.so')) shared.push(join(base, file));
  }
  for (const object of [program('perl'), ...shared]) {
    const libraries = parseLdd((await run(['ldd', object])).stdout);
    for (const library of libraries) put(library, realpathSync(library));
  }
  for (const name of readdirSync(join(kernelDir, 'modules')))
    put(`modules/${name}`, join(kernelDir, 'modules', name), 0o644);
  put('init', join(GUEST_FOLDER, 'init'));
  for (const name of guestPrograms()) put(`lab/${name}`, join(GUEST_FOLDER, name));

  const folders = new Set(['dev', 'proc', 'sys', 'run', 'tmp', 'etc']);
  for (const path of files.keys()) {
    for (let dir = dirname(path); dir !== '.'; dir = dirname(dir)) folders.add(dir);
  }
  return [
    ...[...folders].toSorted().map((path) => ({ path, kind: 'directory' }) as const),
    // The kernel opens it for the first process before anything is mounted.
    { path: 'dev/console', kind: 'character device', major: 5, minor: 1 },
    ...[...files].map(([path, file]) => ({ path, kind: 'file', ...file }) as const),
  ];
}
