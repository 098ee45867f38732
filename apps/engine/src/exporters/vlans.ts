import type { HostIntent } from '@hypervigil/model';

/** Finds the number of the network with a VLAN; 0 where there is none, or several. Made anew only when the networks are others. */
export function createVlanFinder(intent: () => HostIntent): (vlan: number) => number {
  let indexed: HostIntent['networks'] | undefined;
  let byVlan = new Map<number, number>();
  const index = (networks: HostIntent['networks']): void => {
    indexed = networks;
    byVlan = new Map();
    for (const { vlan, num } of networks) if (vlan !== null) byVlan.set(vlan, byVlan.has(vlan) ? 0 : num);
  };
  return (vlan) => {
    const { networks } = intent();
    if (networks !== indexed) index(networks);
    return byVlan.get(vlan) ?? 0;
  };
}
