import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GatewayImage,
  IMAGE_FILES,
  Manifest,
  manifestText,
  measurementOf,
  verifyGatewayImage,
} from '@hypervigil/gateway-link';
import { GatewayError } from '../errors.ts';
import { type Apt, aptOfSuite, OWN_APT } from './apt.ts';
import { type Base, type BaseInputs, type BaseStep, baseKey, ensureBase, moveInto } from './base.ts';
import { bundled } from './bundle.ts';
import { cpio } from './cpio.ts';
import { guestKernelPackages } from './kernel.ts';
import { pinAll, pinPackages, sha256, withLibraries } from './packages.ts';
import { publishImage, writeRelease } from './publish.ts';
import { COMMAND_LINE, ENGINE_NAMES, ENGINES, type EngineName, PROGRAM_PACKAGES, TOOL_PACKAGES } from './recipe.ts';
import { recipeKey } from './recipe-key.ts';
import { builderKey, publicKeyText } from './signature.ts';
import { archiveEntries, type Files, list } from './tree.ts';

export type BuildStep = 'recipe' | BaseStep;

export interface BuildOptions {
  /** Images are kept below it, each under its recipe's key. */
  readonly cacheDir: string;
  /** The builder's private key; made when it is not there. */
  readonly keyFile: string;
  /** What people call it; the product's version unless told. Another one gives another image. */
  readonly version?: string;
  /** Engines that it has besides. */
  readonly engines?: readonly EngineName[];
  /** The suite of the distribution that its packages are of; this machine's own unless told. */
  readonly suite?: string;
  /** Rules for Suricata besides our own: a file as its `-S` takes it. */
  readonly rulesFile?: string;
  /** The folder in which it becomes the current image; the cache unless told. */
  readonly publishIn?: string;
  /** Told of each step that takes long. */
  readonly onStep?: (step: BuildStep) => void;
}

export interface BuiltImage extends GatewayImage {
  readonly dir: string;
  /** Of the builder, PEM. */
  readonly publicKey: string;
}

/** Everything that decides an image. */
interface Inputs extends BaseInputs {
  readonly version: string;
  readonly lacking: readonly string[];
  readonly init: Buffer;
  readonly app: Files;
}

const GUEST = join(import.meta.dirname, '../../guest');
const FOLDERS = ['dev', 'proc', 'sys', 'root'];
const PRODUCT = join(import.meta.dirname, '../../package.json');
const productVersion = () => (JSON.parse(readFileSync(PRODUCT, 'utf8')) as { version: string }).version;

/**
 * The gateway's image: the distribution's kernel, and an initramfs with a compressed read-only file system of the
 * distribution's programs and Node.js, and with our own program. Nothing of this machine gets into it, and no time or name:
 * the same inputs give the same bytes, anywhere. Built once for a recipe; verified each time, and the current one from then.
 */
export async function buildGateway({
  cacheDir,
  keyFile,
  version = productVersion(),
  engines = [],
  suite,
  rulesFile,
  publishIn = cacheDir,
  onStep = () => {},
}: BuildOptions): Promise<BuiltImage> {
  onStep('recipe');
  mkdirSync(cacheDir, { recursive: true });
  // QEMU's user reads from here, whatever the caller's umask.
  chmodSync(cacheDir, 0o755);
  const apt = suite === undefined ? OWN_APT : await aptOfSuite(suite, cacheDir);
  const inputs = await readInputs({
    version,
    apt,
    engines,
    rules: rulesFile === undefined ? [] : [readRules(rulesFile)],
  });
  const build = buildKey(inputs);
  const key = builderKey(keyFile);
  const publicKey = publicKeyText(key);
  const dir = join(cacheDir, `gateway-${build}`);
  const trusted = () => verifyGatewayImage(dir, publicKey);
  const published = (image: GatewayImage): BuiltImage => {
    const release = publishImage(dir, publishIn, key) ?? image.release;
    return { ...image, release, dir, publicKey };
  };
  if (existsSync(dir)) {
    const found = await trusted().catch(() => undefined);
    if (found) return published(found);
    // Damaged, or signed by another builder: ours takes its place.
    rmSync(dir, { recursive: true, force: true });
  }
  const base = await ensureBase(inputs, cacheDir, onStep);
  const work = mkdtempSync(join(cacheDir, 'gateway.new-'));
  try {
    const made = join(work, 'image');
    writeFileSync(join(made, IMAGE_FILES.manifest), manifestText(makeImage(inputs, base, build, made)));
    writeRelease(made, Date.now(), key);
    writeFileSync(join(made, IMAGE_FILES.publicKey), publicKey);
    chmodSync(made, 0o755);
    moveInto(made, dir);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return published(await trusted());
}

interface Wanted {
  readonly version: string;
  readonly apt: Apt;
  readonly engines: readonly EngineName[];
  readonly rules: readonly Buffer[];
}

async function readInputs({ version, apt, engines, rules }: Wanted): Promise<Inputs> {
  const guest = (name: string) => readFileSync(join(GUEST, name));
  const offered = await pinPackages(
    apt,
    Object.values(ENGINES).map((engine) => engine.package),
  );
  const lacking = ENGINE_NAMES.filter((name) => !offered.some((pin) => pin.name === ENGINES[name].package));
  const missing = engines.filter((name) => lacking.includes(name));
  if (missing.length > 0)
    throw new GatewayError(
      'GATEWAY_PACKAGES',
      `${apt.name} has no ${missing.join(', ')}, so no image can be built with it. Name a suite that has it, for Debian: --suite trixie`,
    );
  const wanted = engines.map((name) => ENGINES[name]);
  const [programs, kernel, tools] = [
    await withLibraries(apt, [...PROGRAM_PACKAGES, ...wanted.map((engine) => engine.package)]),
    await guestKernelPackages(apt),
    await withLibraries(apt, TOOL_PACKAGES),
  ];
  return {
    packages: await pinAll(apt, [...programs, ...kernel].sort()),
    tools: await pinAll(apt, tools),
    apt,
    engines: wanted,
    version,
    lacking,
    node: readFileSync(process.execPath),
    init: guest('init'),
    app: new Map([
      ['app/start', { data: guest('start'), mode: 0o755 }],
      ['app/gateway.mjs', { data: await bundled('main.ts'), mode: 0o644 }],
      ['app/detector.mjs', { data: await bundled('detector/main.ts'), mode: 0o644 }],
      ...(engines.includes('suricata') ? suricataFiles(guest, rules) : []),
    ]),
  };
}

/** Our folder lies in 16 MiB of memory. */
const MAX_RULES_BYTES = 8 * 1024 * 1024;

function readRules(file: string): Buffer {
  const rules = readFileSync(file);
  if (rules.length <= MAX_RULES_BYTES) return rules;
  throw new GatewayError(
    'GATEWAY_IMAGE',
    `${file} has more than ${MAX_RULES_BYTES / 2 ** 20} MiB: leave rules out that nobody needs`,
  );
}

const suricataFiles = (guest: (name: string) => Buffer, rules: readonly Buffer[]): Files =>
  new Map([
    ['app/suricata.yaml', { data: guest('suricata.yaml'), mode: 0o644 }],
    ['app/suricata.rules', { data: Buffer.concat([guest('suricata.rules'), ...rules]), mode: 0o644 }],
  ]);

const buildKey = (inputs: Inputs): string =>
  recipeKey({
    base: baseKey(inputs),
    version: inputs.version,
    init: inputs.init,
    commandLine: COMMAND_LINE,
    ...Object.fromEntries([...inputs.app].map(([path, { data }]) => [path, data])),
    format: '1',
  });

function makeImage(inputs: Inputs, base: Base, build: string, into: string): Manifest {
  const app: Files = new Map([...inputs.app, ['app/build', list([build])], ['app/version', list([inputs.version])]]);
  const initramfs = cpio(
    archiveEntries(
      new Map([
        ...base.early,
        ...app,
        ['init', { data: inputs.init, mode: 0o755 }],
        ['root.squashfs', { data: base.system, mode: 0o644 }],
      ]),
      FOLDERS,
    ),
  );
  mkdirSync(into);
  const part = (name: 'kernel' | 'initramfs', data: Buffer) => {
    writeFileSync(join(into, IMAGE_FILES[name]), data, { mode: 0o644 });
    return { size: data.length, sha256: sha256(data) };
  };
  const [kernelPart, initramfsPart] = [part('kernel', base.kernel), part('initramfs', initramfs)];
  const ours = [...app].map(([path, { data }]) => ({ path, size: data.length, sha256: sha256(data) }));
  return Manifest.parse({
    format: 1,
    build,
    version: inputs.version,
    measurement: measurementOf(kernelPart.sha256, initramfsPart.sha256, COMMAND_LINE),
    kernel: { ...kernelPart, version: base.kernelVersion },
    initramfs: initramfsPart,
    commandLine: COMMAND_LINE,
    node: { version: process.version, sha256: sha256(inputs.node) },
    packages: inputs.packages,
    tools: inputs.tools,
    lacking: inputs.lacking,
    files: [...base.contents, ...ours].sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
}
