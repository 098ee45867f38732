import type { IntentVnic } from '@hypervigil/model';
import { linkLocal } from '@hypervigil/policy';
import { actions, set, setBits } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { DELIVER } from './guard-flows.ts';
import { BROADCAST, bits, MULTICAST_V6 } from './match.ts';
import { FLAG, OWNER, REG } from './registers.ts';

/** An address of the cloud: whose it is, and where questions for it go. `claimants` all have it on this network. */
export function addressFlows(network: number, address: string, claimants: readonly IntentVnic[]): FlowSpec[] {
  const [first] = claimants;
  if (!first) return [];
  const owner = cookie('vnic', first.num);
  const tenants = new Set(claimants.map((vnic) => vnic.tenant));
  const whose = tenants.size === 1 ? (first.tenant ?? OWNER.nobody) : OWNER.nobody;
  const six = address.includes(':');
  const word = six ? 'ipv6' : 'ip';
  const on = { [REG.network]: network };
  const [src, dst] = six ? (['ipv6_src', 'ipv6_dst'] as const) : (['nw_src', 'nw_dst'] as const);

  const toOwner = actions(`set_field:${first.mac}->eth_dst`, DELIVER);
  const ask4 = { word: 'arp', ...on, dl_dst: BROADCAST };
  const ask6 = { word: 'icmp6', ...on, dl_dst: MULTICAST_V6, icmp_code: 0, nd_target: address };
  const fromTrunk = { [REG.flags]: bits(FLAG.trunk) };
  const resolve: FlowSpec[] = six
    ? [
        flow('resolve', 90, { ...ask6, icmp_type: 135 }, toOwner, owner),
        flow('resolve', 80, { ...ask6, ...fromTrunk, icmp_type: 136 }, 'drop', owner),
      ]
    : [
        flow('resolve', 90, { ...ask4, arp_tpa: address }, toOwner, owner),
        flow('resolve', 80, { ...ask4, ...fromTrunk, arp_spa: address }, 'drop', owner),
      ];
  const cut = claimants.some((vnic) => vnic.quarantined) && setBits(REG.flags, FLAG.quarantine);
  return [
    flow('sourceOwner', 10, { word, ...on, [src]: address }, actions(set(REG.source, whose), cut), owner),
    flow('destinationOwner', 10, { word, ...on, [dst]: address }, actions(set(REG.destination, whose), cut), owner),
    ...resolve,
  ];
}

/** Every address that identifies a vNIC, its link-local one included. */
export const addressesOf = ({ ipv4, ipv6, mac }: IntentVnic): string[] => [
  ...new Set([...ipv4, ...ipv6, linkLocal(mac)]),
];

/** Its IPv6 addresses, the link-local one included. */
export const ipv6Of = ({ ipv6, mac }: IntentVnic): string[] => [...new Set([...ipv6, linkLocal(mac)])];
