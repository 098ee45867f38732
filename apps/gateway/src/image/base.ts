import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Apt } from './apt.ts';
import { type PackagePin, sha256, unpackPackages } from './packages.ts';
import { type Engine, MODULES, PROGRAMS, ROOT_MODULES, USERS } from './recipe.ts';
import { recipeKey } from './recipe-key.ts';
import { squashfs } from './squashfs.ts';
import { type Files, guestKernel, list, programFiles } from './tree.ts';

export type BaseStep = 'packages' | 'compress';

/** What of a gateway is not ours: the part that takes long to make and seldom changes. */
export interface BaseInputs {
  readonly packages: readonly PackagePin[];
  readonly tools: readonly PackagePin[];
  readonly node: Buffer;
  readonly engines: readonly Engine[];
  /** Where packages come from. */
  readonly apt: Apt;
}

export interface Base {
  readonly kernelVersion: string;
  readonly kernel: Buffer;
  /** Compressed, read-only file system with programs, libraries and kernel modules. */
  readonly system: Buffer;
  /** What finds and mounts it. */
  readonly early: Files;
  /** Every file inside. */
  readonly contents: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

/** Where our own part and the kernel's file systems come to lie. */
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'run', 'tmp', 'app'];

export const baseKey = ({ packages, tools, node, engines }: BaseInputs): string =>
  recipeKey({
    packages: JSON.stringify([packages, tools]),
    node: sha256(node),
    contents: JSON.stringify([PROGRAMS, ROOT_MODULES, MODULES, USERS]),
    ...(engines.length > 0 && { engines: JSON.stringify(engines) }),
    format: '1',
  });

/** The base of these packages and this Node.js, made when the cache does not have it. */
export async function ensureBase(
  inputs: BaseInputs,
  cacheDir: string,
  onStep: (step: BaseStep) => void,
): Promise<Base> {
  const dir = join(cacheDir, `gateway-base-${baseKey(inputs)}`);
  if (!existsSync(dir)) {
    const work = mkdtempSync(join(cacheDir, 'gateway-base.new-'));
    try {
      const made = join(work, 'base');
      mkdirSync(join(made, 'early'), { recursive: true });
      await makeBase(inputs, work, made, onStep);
      moveInto(made, dir);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return readBase(dir);
}

/** Another builder may have been faster; what it made is the same. */
export function moveInto(made: string, dir: string): void {
  try {
    renameSync(made, dir);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function makeBase(
  inputs: BaseInputs,
  work: string,
  into: string,
  onStep: (step: BaseStep) => void,
): Promise<void> {
  const [root, tools] = [join(work, 'root'), join(work, 'tools')];
  onStep('packages');
  await unpackPackages(inputs.apt, inputs.packages, join(work, 'packages'), root);
  await unpackPackages(inputs.apt, inputs.tools, join(work, 'tool-packages'), tools);
  const kernel = await guestKernel(root);
  const inside: Files = new Map([
    ...programFiles(root, inputs.node, inputs.engines),
    ...kernel.modules,
    ['etc/passwd', { data: Buffer.from(USERS), mode: 0o644 }],
  ]);
  onStep('compress');
  const save = (name: string, data: Buffer | string) => writeFileSync(join(into, name), data);
  save('system', await squashfs(inside, MOUNT_POINTS, tools, work));
  save('kernel', kernel.image);
  save('early/busybox', inside.get('bin/busybox')!.data);
  for (const [path, { data }] of kernel.rootModules) save(`early/${path.replace('modules/', '')}`, data);
  const contents = [...inside].map(([path, { data }]) => ({ path, size: data.length, sha256: sha256(data) }));
  save('about.json', JSON.stringify({ kernelVersion: kernel.version, contents }));
}

function readBase(dir: string): Base {
  const read = (name: string) => readFileSync(join(dir, name));
  const about = JSON.parse(read('about.json').toString()) as Pick<Base, 'kernelVersion' | 'contents'>;
  const modules = read('early/order').toString().trim().split('\n');
  return {
    ...about,
    kernel: read('kernel'),
    system: read('system'),
    early: new Map([
      ['bin/busybox', { data: read('early/busybox'), mode: 0o755 }],
      ['modules/order', list(modules)],
      ...modules.map((name) => [`modules/${name}`, { data: read(`early/${name}`), mode: 0o644 }] as const),
    ]),
  };
}
