import type { Id } from '@hypervigil/model';
import { type Block, parseBlock } from '../address.ts';
import { addressBlocks } from '../address-list.ts';
import type { CloudState } from '../cloud.ts';
import { createGroupIndex } from '../group-index.ts';
import { getOrAdd } from '../maps.ts';
import { type AddressRange, isWithin, rangeOf, uniteRanges } from '../ranges.ts';
import type { Endpoint } from './policy-index.ts';

/** One side of a question as people ask it: the union of its parts; with no part, anyone. */
export interface Where {
  readonly vmIds?: readonly Id[];
  readonly groupIds?: readonly Id[];
  readonly tenantIds?: readonly Id[];
  readonly addressSetIds?: readonly Id[];
  readonly cidrs?: readonly string[];
  /** Every address that no VM of the cloud has. */
  readonly outside?: boolean;
}

/** The same as addresses: VMs with all that they have on their networks, link-local addresses too. */
export interface End {
  readonly anyone: boolean;
  readonly outside: boolean;
  /** VMs on whatever network. */
  readonly vmIds: ReadonlySet<Id>;
  /** Network number → VMs that are meant there. */
  readonly vmIdsOn: ReadonlyMap<number, ReadonlySet<Id>>;
  readonly blocks: readonly Block[];
  /** The addresses of the blocks, to look one up. */
  readonly ranges: readonly AddressRange[];
}

export function resolveEnd(cloud: CloudState, where: Where): End {
  const { vmIds = [], groupIds = [], tenantIds = [], addressSetIds = [], cidrs = [], outside = false } = where;
  const tenants = new Set<Id | null>(tenantIds);
  const blocks = [
    ...cidrs.flatMap((text) => parseBlock(text) ?? []),
    ...cloud.addressSets.filter(({ id }) => addressSetIds.includes(id)).flatMap(addressBlocks),
  ];
  const ofTenants = tenants.size === 0 ? [] : cloud.vms.filter((vm) => tenants.has(vm.tenantId));
  return {
    anyone: !outside && [vmIds, groupIds, tenantIds, addressSetIds, cidrs].every((part) => part.length === 0),
    outside,
    vmIds: new Set([...vmIds, ...ofTenants.map(({ id }) => id)]),
    vmIdsOn: groupIds.length === 0 ? new Map() : membersOf(cloud, groupIds),
    blocks,
    ranges: uniteRanges(blocks.map(rangeOf)),
  };
}

/** By network, for a group may have a VM's vNICs on one network and not on another. */
function membersOf({ networks, vms, groups }: CloudState, groupIds: readonly Id[]): ReadonlyMap<number, Set<Id>> {
  const nums = new Map(networks.map(({ id, num }) => [id, num]));
  const index = createGroupIndex(groups);
  const found = new Map<number, Set<Id>>();
  for (const vm of vms)
    for (const { networkId } of vm.vnics) {
      const num = networkId === null ? undefined : nums.get(networkId);
      if (num === undefined || !groupIds.some((id) => index.contains(id, vm, networkId))) continue;
      getOrAdd(found, num, () => new Set<Id>()).add(vm.id);
    }
  return found;
}

/** Whether an end may have addresses that no VM has. */
export const reachesOutside = ({ anyone, outside, blocks }: End): boolean => anyone || outside || blocks.length > 0;

/** Whether an address's VM is one that an end means. */
export function isHeldAt({ vmIds, vmIdsOn }: End, { network, vmIds: holders }: Endpoint): boolean {
  const here = vmIdsOn.get(network);
  return holders.some((id) => vmIds.has(id) || here?.has(id));
}

export function isAt(end: End, endpoint: Endpoint): boolean {
  return end.anyone || isHeldAt(end, endpoint) || isWithin(end.ranges, endpoint.family, endpoint.bits);
}
