import type { Id } from '@hypervigil/model';
import { type Block, contains, parseBlock, widthOf } from '../address.ts';
import type { CloudState } from '../cloud.ts';
import { createGroupIndex } from '../group-index.ts';
import { getOrAdd } from '../maps.ts';
import type { Endpoint } from './policy-index.ts';

/** One side of a question as people ask it: the union of its parts; with no part, anyone. */
export interface Where {
  readonly vmIds?: readonly Id[];
  readonly groupIds?: readonly Id[];
  readonly tenantIds?: readonly Id[];
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
}

export function resolveEnd(cloud: CloudState, where: Where): End {
  const { vmIds = [], groupIds = [], tenantIds = [], cidrs = [], outside = false } = where;
  const tenants = new Set<Id | null>(tenantIds);
  const ofTenants = tenants.size === 0 ? [] : cloud.vms.filter((vm) => tenants.has(vm.tenantId));
  return {
    anyone: !outside && vmIds.length + groupIds.length + tenantIds.length + cidrs.length === 0,
    outside,
    vmIds: new Set([...vmIds, ...ofTenants.map(({ id }) => id)]),
    vmIdsOn: groupIds.length === 0 ? new Map() : membersOf(cloud, groupIds),
    blocks: cidrs.flatMap((text) => parseBlock(text) ?? []),
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
  const address: Block = { family: endpoint.family, bits: endpoint.bits, prefix: widthOf(endpoint.family) };
  return end.anyone || isHeldAt(end, endpoint) || end.blocks.some((block) => contains(block, address));
}
