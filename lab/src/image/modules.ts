/** What a probe guest's kernel needs as modules; what the kernel has built in is left out. */
export const GUEST_MODULES = [
  'virtio_pci',
  'virtio_net',
  'virtio_console',
  'virtio_blk',
  'af_packet',
  '8021q',
] as const;

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
