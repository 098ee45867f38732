import { GatewayError } from '../errors.ts';
import { run } from '../run.ts';
import { type Apt, OWN_APT } from './apt.ts';

/** Packages that always name the newest kernel for guests: Debian's, then Ubuntu's. */
const KERNEL_PACKAGES = ['linux-image-cloud-amd64', 'linux-image-virtual'] as const;

/** The packages with a kernel and its modules, as `apt-cache depends --recurse` prints them. */
export function kernelPackages(depends: string): string[] {
  const names = [...depends.matchAll(/^\s*\|?Depends: (linux-(?:image|modules)-\d\S*)$/gm)].map((m) => m[1]!);
  return [...new Set(names)];
}

/** The packages of the distribution's newest kernel for guests, not installed and not downloaded yet. */
export async function guestKernelPackages(apt: Apt = OWN_APT): Promise<string[]> {
  for (const name of KERNEL_PACKAGES) {
    const depends = ['apt-cache', ...apt.options, 'depends', '--recurse', '--no-suggests', '--no-recommends', name];
    // apt-cache fails for a name that it does not know.
    const packages = kernelPackages(await run(depends).catch(() => ''));
    if (packages.length > 0) return packages;
  }
  throw new GatewayError(
    'GATEWAY_PACKAGES',
    `No package of ${KERNEL_PACKAGES.join(', ')} is known: run apt-get update`,
  );
}

const nameOf = (path: string) =>
  path
    .replace(/^.*\//, '')
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');

/**
 * Paths of the wanted modules and of all that they need, each after what it needs: the order for insmod.
 * @param modulesDep the text of modules.dep: `path: path path …`, a module's needs listed from nearest to farthest
 */
export function loadOrder(modulesDep: string, wanted: readonly string[]): string[] {
  const needs = new Map<string, readonly string[]>();
  const paths = new Map<string, string>();
  for (const line of modulesDep.split('\n')) {
    const [path, rest] = line.split(':');
    if (!path || rest === undefined) continue;
    paths.set(nameOf(path), path);
    needs.set(path, rest.trim().split(/\s+/).filter(Boolean));
  }
  const order = new Set<string>();
  const add = (path: string) => {
    if (order.has(path)) return;
    for (const need of (needs.get(path) ?? []).toReversed()) add(need);
    order.add(path);
  };
  for (const name of wanted) {
    const path = paths.get(name);
    if (path) add(path);
  }
  return [...order];
}
