import type { Id, Policy, Tier } from '@hypervigil/model';
import { linkLocal, type Packet, type Reach } from '@hypervigil/policy';
import type { Cloud } from '../intent/cloud.ts';
import type { Database } from '../state/database.ts';

export interface Named {
  readonly id: Id;
  readonly name: string;
}

export interface NamedRule extends Named {
  readonly num: number;
  readonly policyId: Id;
  readonly policy: string;
  readonly tier: Tier;
}

/** Analysis speaks in ids and numbers; answers have the names with them. */
export type Names = Awaited<ReturnType<typeof namesOf>>;

/** At most so much of one side is told. */
const SHOWN = { vms: 100, cidrs: 50 } as const;

export async function namesOf(db: Database, cloud: Cloud) {
  const named = async (table: 'vms' | 'networks' | 'groups' | 'tenants' | 'address_sets') =>
    new Map<Id, Named>((await db.selectFrom(table).select(['id', 'name']).execute()).map((row) => [row.id, row]));
  const [vms, networks] = [await named('vms'), await named('networks')];
  const [groups, tenants] = [await named('groups'), await named('tenants')];
  const addressSets = await named('address_sets');
  const byNum = new Map(cloud.networks.map(({ num, id }) => [num, networks.get(id) ?? { id, name: id }]));
  const rules = rulesOf(cloud.policies);
  const network = (num: number) => byNum.get(num)!;
  return {
    vms,
    networks,
    groups,
    tenants,
    addressSets,
    network,
    rule: (id: Id | null): NamedRule | null => (id === null ? null : (rules.get(id) ?? null)),
    /** The VM that has an address on a network. */
    holder: (num: number, address: string): Named | null => {
      const { id } = network(num);
      const vm = cloud.vms.find((one) =>
        one.vnics.some(
          ({ networkId, ipv4, ipv6, mac }) =>
            networkId === id && [...ipv4, ...ipv6, linkLocal(mac.toLowerCase())].includes(address),
        ),
      );
      return vm === undefined ? null : (vms.get(vm.id) ?? null);
    },
    packet: ({ network: num, src, dst, protocol, port, icmp }: Packet) => ({
      network: network(num),
      src,
      dst,
      protocol,
      port: port ?? null,
      icmpType: icmp?.type ?? null,
      icmpCode: icmp?.code ?? null,
    }),
    ends: ({ vmIds, cidrs, cidrCount }: Reach['from']) => ({
      vms: vmIds.slice(0, SHOWN.vms).flatMap((id) => vms.get(id) ?? []),
      vmCount: vmIds.length,
      cidrs: cidrs.slice(0, SHOWN.cidrs),
      cidrCount,
    }),
  };
}

function rulesOf(policies: readonly Policy[]): Map<Id, NamedRule> {
  return new Map(
    policies.flatMap(({ id: policyId, name: policy, tier, rules }) =>
      rules.map(({ id, num, name }) => [id, { id, num, name, policyId, policy, tier }] as const),
    ),
  );
}
