import type { Origin } from '@hypervigil/mmdb';
import type { Mirror } from '../intent/mirror.ts';

interface VnicOwner {
  readonly vmId: string;
  readonly vnicId: string;
  readonly tenantId: string | null;
}

/** Whose an address is, which rule a number means: what a flow record lacks to be read by people. */
export interface FlowDirectory {
  /** By address within the network first; a MAC may be a router's. */
  owner(network: number, ip: string, mac: string | null): VnicOwner | undefined;
  /** Where an address is that is nobody's in the cloud. */
  origin(ip: string): Origin;
  networkId(network: number): string | null;
  rule(num: number): { id: string; policyId: string; tier: string } | undefined;
}

interface Index {
  /** By network, then by address: no text is made to look for one. */
  readonly byAddress: ReadonlyMap<number, ReadonlyMap<string, VnicOwner>>;
  readonly byMac: ReadonlyMap<string, VnicOwner>;
  readonly networks: ReadonlyMap<number, string>;
  readonly rules: ReadonlyMap<number, { id: string; policyId: string; tier: string }>;
}

/** Made anew from the mirror at the first question after a change. */
export function createDirectory(mirror: Mirror, origin: FlowDirectory['origin']): FlowDirectory {
  let index: Index | undefined;
  mirror.onChange(() => {
    index = undefined;
  });
  const current = (): Index => {
    index ??= indexOf(mirror);
    return index;
  };
  return {
    owner: (network, ip, mac) =>
      current().byAddress.get(network)?.get(ip) ?? (mac === null ? undefined : current().byMac.get(mac)),
    origin,
    networkId: (network) => current().networks.get(network) ?? null,
    rule: (num) => current().rules.get(num),
  };
}

function indexOf(mirror: Mirror): Index {
  const byAddress = new Map<number, Map<string, VnicOwner>>();
  const byMac = new Map<string, VnicOwner>();
  const nums = new Map([...mirror.rows('networks').values()].map(({ id, num }) => [id, num]));
  for (const vm of mirror.rows('vms').values())
    for (const vnic of vm.vnics) {
      const owner = { vmId: vm.id, vnicId: vnic.id, tenantId: vm.tenantId };
      byMac.set(vnic.mac, owner);
      const network = vnic.networkId === null ? undefined : nums.get(vnic.networkId);
      if (network === undefined) continue;
      const known = byAddress.getOrInsertComputed(network, () => new Map());
      for (const ip of [...vnic.ipv4, ...vnic.ipv6]) known.set(ip, owner);
    }
  const rules = [...mirror.rows('policies').values()].flatMap(({ id: policyId, tier, rules }) =>
    rules.map((rule) => [rule.num, { id: rule.id, policyId, tier }] as const),
  );
  return { byAddress, byMac, networks: new Map([...nums].map(([id, num]) => [num, id])), rules: new Map(rules) };
}
