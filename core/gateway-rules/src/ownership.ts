import type { HostIntent } from '@hypervigil/model';
import { type Block, linkLocal, mergeBlocks, parseBlock } from '@hypervigil/policy';

/** Who has which address of one network. */
export interface Ownership {
  /** Every address that a vNIC has. */
  readonly cloud: readonly Block[];
  /** Those of vNICs that are quarantined. */
  readonly quarantined: readonly Block[];
  /** Tenant → addresses that are its alone: one that vNICs of two tenants claim is nobody's. */
  readonly tenants: ReadonlyMap<number, readonly Block[]>;
}

export function ownershipOf({ vnics }: HostIntent, network: number): Ownership {
  const owners = new Map<string, Set<number | null>>();
  for (const vnic of vnics) {
    if (vnic.network !== network) continue;
    for (const address of [...vnic.ipv4, ...vnic.ipv6, linkLocal(vnic.mac)]) {
      const known = owners.get(address);
      if (known) known.add(vnic.tenant);
      else owners.set(address, new Set([vnic.tenant]));
    }
  }
  const tenants = new Map<number, Block[]>();
  for (const [address, [owner, other]] of owners) {
    if (owner === undefined || owner === null || other !== undefined) continue;
    const blocks = tenants.get(owner) ?? [];
    blocks.push(...blocksOf([address]));
    tenants.set(owner, blocks);
  }
  const cutOff = vnics.filter((vnic) => vnic.network === network && vnic.quarantined);
  return {
    quarantined: mergeBlocks(cutOff.flatMap(({ ipv4, ipv6, mac }) => blocksOf([...ipv4, ...ipv6, linkLocal(mac)]))),
    cloud: mergeBlocks(blocksOf([...owners.keys()])),
    tenants: new Map([...tenants].map(([tenant, blocks]) => [tenant, mergeBlocks(blocks)])),
  };
}

export const blocksOf = (addresses: readonly string[]): Block[] => addresses.flatMap((text) => parseBlock(text) ?? []);
