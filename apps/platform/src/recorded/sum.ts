import type { Talk } from '@hypervigil/flowstore';

/** How many talks and connections, and how many VMs have a part in them. */
export function sumOf(talks: readonly Talk[]): { talks: number; flows: number; vms: number } {
  const vms = new Set(talks.flatMap(({ src, dst }) => [src.vmId, dst.vmId]).filter((id) => id !== null));
  return { talks: talks.length, flows: talks.reduce((sum, { flows }) => sum + flows, 0), vms: vms.size };
}
