import { createHash } from 'node:crypto';
import { type Lockfile, lockedAt, readLockfile } from './lockfile.ts';

interface Component {
  readonly type: 'application' | 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope?: 'required' | 'optional' | 'excluded';
  readonly licenses: readonly { readonly expression: string }[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
}

/** A software bill of materials in the form of CycloneDX 1.6 (ECMA-424). */
export interface Bom {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

type Locked = Lockfile['packages'][string];
const SCOPE = 'node_modules/';

const nameOf = (path: string, { name }: Locked) => name ?? path.slice(path.lastIndexOf(SCOPE) + SCOPE.length);
/** https://github.com/package-url/purl-spec: the scope's sign is percent-encoded. */
const purlOf = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function componentOf(path: string, locked: Locked): Component {
  const { version = '0.0.0', license, integrity, dev, optional } = locked;
  const name = nameOf(path, locked);
  const purl = purlOf(name, version);
  return {
    type: path.includes(SCOPE) ? 'library' : 'application',
    'bom-ref': purl,
    name,
    version,
    purl,
    // What only builds and tests need is no part of what runs.
    scope: dev === true ? 'excluded' : optional === true ? 'optional' : 'required',
    licenses: license === undefined ? [] : [{ expression: license }],
    ...(integrity === undefined ? {} : { hashes: [{ alg: 'SHA-512' as const, content: sha512(integrity) }] }),
  };
}

/** Subresource integrity (W3C SRI) to hexadecimal. */
function sha512(integrity: string): string {
  const [, base64] = /^sha512-([\w+/=]+)$/.exec(integrity) ?? [];
  if (base64 === undefined) throw new Error(`The lockfile has a checksum that is not SHA-512: ${integrity}`);
  return Buffer.from(base64, 'base64').toString('hex');
}

/**
 * What the lockfile pins, with licences, checksums and who needs whom. It says nothing of the time or the machine, so
 * that the same lockfile always gives the same bytes, and its serial number too is made from the content.
 */
export function billOfMaterials(lock: Lockfile): Bom {
  const packages = Object.entries(lock.packages).filter(([, { link }]) => link !== true);
  const components = new Map(packages.map(([path, locked]) => [path, componentOf(path, locked)]));
  const needs = new Map<string, Set<string>>();
  for (const [path, { dependencies, optionalDependencies }] of packages) {
    const ref = components.get(path)!['bom-ref'];
    const targets = Object.keys({ ...dependencies, ...optionalDependencies }).flatMap((name) => {
      const target = lockedAt(lock, path, name);
      return target === undefined ? [] : components.get(target)!['bom-ref'];
    });
    // Two copies of one version lie in two places, and may find others beside them.
    needs.set(ref, new Set([...(needs.get(ref) ?? []), ...targets]));
  }
  const [root, ...others] = [...components.values()];
  const unique = [...new Map(others.map((component) => [component['bom-ref'], component])).values()];
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialNumber(JSON.stringify(lock)),
    version: 1,
    metadata: { component: root! },
    components: unique.sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [...needs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })),
  };
}

/** A UUID made from content: version 8 (RFC 9562, 5.8). */
function serialNumber(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `urn:uuid:${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}

if (import.meta.main) console.log(JSON.stringify(billOfMaterials(readLockfile()), null, 2));
