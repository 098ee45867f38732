import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { run } from '../run.ts';
import type { Apt } from './apt.ts';

/** One package, exactly: nothing else has this checksum. */
export interface PackagePin {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
}

/** A library's package, by the names that Debian and Ubuntu give them. */
const LIBRARY = /^(lib|zlib)/;

/** The names of `roots` and of all libraries that they need. */
export async function withLibraries(apt: Apt, roots: readonly string[]): Promise<string[]> {
  const no = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  return librariesOf(roots, await run(['apt-cache', ...apt.options, 'depends', '--recurse', ...no, ...roots]));
}

/** The names of `roots` and of all libraries that they need, as `apt-cache depends --recurse` prints them. */
export function librariesOf(roots: readonly string[], text: string): string[] {
  const needs = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^([a-z0-9][a-z0-9+.-]*)$/.exec(line)?.[1];
    const need = /^\s+\|?(?:Pre)?Depends: ([a-z0-9][a-z0-9+.-]*)(?::any)?$/.exec(line)?.[1];
    if (name) {
      current = needs.get(name) ?? [];
      needs.set(name, current);
    } else if (need) current.push(need);
  }
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    for (const need of needs.get(name) ?? []) if (LIBRARY.test(need)) visit(need);
  };
  for (const root of roots) visit(root);
  return [...found].sort();
}

/** The versions of these packages that there are now. Names that nobody knows are left out. */
export async function pinPackages(apt: Apt, names: readonly string[]): Promise<PackagePin[]> {
  return parsePins(await run(['apt-cache', ...apt.options, 'show', '--no-all-versions', ...names]).catch(() => ''));
}

/** Reads the records that `apt-cache show` prints (deb-control(5)). */
export function parsePins(text: string): PackagePin[] {
  const pins = text.split(/\n\n+/).flatMap((record) => {
    const field = (name: string) => new RegExp(`^${name}: (\\S+)$`, 'm').exec(record)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    const [architecture, sha256] = [field('Architecture'), field('SHA256')];
    return name && version && architecture && sha256 ? [{ name, version, architecture, sha256 }] : [];
  });
  return [...new Map(pins.map((pin) => [pin.name, pin])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every one of these packages, or an error that names those that there are not. */
export async function pinAll(apt: Apt, names: readonly string[]): Promise<PackagePin[]> {
  const pins = await pinPackages(apt, names);
  const missing = names.filter((name) => !pins.some((pin) => pin.name === name));
  if (missing.length === 0) return pins;
  throw new GatewayError(
    'GATEWAY_PACKAGES',
    `${apt.name} has no package ${missing.join(', ')}. Run apt-get update; a gateway needs Debian 12 or newer, or Ubuntu.`,
  );
}

/** Downloads these packages, compares their checksums, and unpacks them over each other into `root`. */
export async function unpackPackages(apt: Apt, pins: readonly PackagePin[], work: string, root: string): Promise<void> {
  mkdirSync(work, { recursive: true });
  mkdirSync(root, { recursive: true });
  const wanted = pins.map(({ name, architecture, version }) =>
    `${name}:${architecture}=${version}`.replace(':all=', '='),
  );
  await run(['apt-get', '-q', ...apt.options, '-o', 'APT::Sandbox::User=root', 'download', ...wanted], work);
  const files = new Map(readdirSync(work).map((name) => [sha256(readFileSync(join(work, name))), join(work, name)]));
  for (const pin of pins) {
    const file = files.get(pin.sha256);
    if (!file)
      throw new GatewayError('GATEWAY_PACKAGES', `Package ${pin.name} ${pin.version} is not what it should be`);
    await run(['dpkg-deb', '-x', file, root]);
  }
}

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
