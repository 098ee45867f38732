import type { CountingLimit, VmLimits } from '@hypervigil/contract';
import { LIMIT_KINDS, type Limit, type Vm } from '@hypervigil/model';
import { cloudGroup, createGroupIndex, limitValues, type NearLimit, nearestLimits } from '@hypervigil/policy';
import { getVm } from '../inventory/vms.ts';
import { findGroups } from '../policy/group-rows.ts';
import type { Database } from '../state/database.ts';
import { listDrops } from './drops.ts';
import { listLimits } from './limits.ts';

const ALL = { limit: 10_000 };

/** @throws ApiFailure `not-found` */
export async function getVmLimits(db: Database, id: string): Promise<VmLimits> {
  const vm = await getVm(db, id);
  const [limits, groups, drops] = await Promise.all([listLimits(db, ALL), findGroups(db), listDrops(db, id)]);
  const index = createGroupIndex(groups.map(cloudGroup));
  return {
    vnics: vm.vnics.map(({ id: vnicId, networkId }) => ({
      vnicId,
      limits: countingLimits(limits.items, vm, index.groupsOf(vm, networkId)),
    })),
    drops,
  };
}

function countingLimits(limits: readonly Limit[], vm: Vm, groups: ReadonlySet<string>): CountingLimit[] {
  const near = limits.flatMap((limit): NearLimit<Limit>[] => {
    if (limit.vmIds.length + limit.groupIds.length === 0) return [{ limit, nearness: 'everyone' }];
    if (limit.vmIds.includes(vm.id)) return [{ limit, nearness: 'vm' }];
    return limit.groupIds.some((group) => groups.has(group)) ? [{ limit, nearness: 'group' }] : [];
  });
  const counting = nearestLimits(near);
  return LIMIT_KINDS.flatMap((kind) => {
    const limit = counting[kind];
    return limit
      ? [{ kind, limitId: limit.id, limitName: limit.name, values: limitValues({ [kind]: limit }) }]
      : [];
  });
}
