import type { Id } from '@hypervigil/model';
import { type Block, contains, parseBlock, widthOf } from '../address.ts';
import { type CloudState, isMember } from '../cloud.ts';
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

/** The same as addresses: VMs with all that they have, link-local ones too. */
export interface End {
  readonly anyone: boolean;
  readonly outside: boolean;
  readonly vmIds: ReadonlySet<Id>;
  readonly blocks: readonly Block[];
}

export function resolveEnd(cloud: CloudState, where: Where): End {
  const { vmIds = [], groupIds = [], tenantIds = [], cidrs = [], outside = false } = where;
  const groups = cloud.groups.filter(({ id }) => groupIds.includes(id));
  const tenants = new Set<Id | null>(tenantIds);
  const needsVms = groups.length + tenants.size > 0;
  const found = needsVms
    ? cloud.vms.filter((vm) => tenants.has(vm.tenantId) || groups.some((group) => isMember(group, vm)))
    : [];
  return {
    anyone: !outside && vmIds.length + groupIds.length + tenantIds.length + cidrs.length === 0,
    outside,
    vmIds: new Set([...vmIds, ...found.map(({ id }) => id)]),
    blocks: cidrs.flatMap((text) => parseBlock(text) ?? []),
  };
}

/** Whether an end may have addresses that no VM has. */
export const reachesOutside = ({ anyone, outside, blocks }: End): boolean => anyone || outside || blocks.length > 0;

export function isAt({ anyone, vmIds, blocks }: End, { family, bits, vmIds: holders }: Endpoint): boolean {
  const address: Block = { family, bits, prefix: widthOf(family) };
  return anyone || holders.some((id) => vmIds.has(id)) || blocks.some((block) => contains(block, address));
}
