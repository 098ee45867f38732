import type { CountingLimit, LimitDrops, VmLimits } from '@hypervigil/contract';
import { LIMIT_KINDS, type Limit, type Vm } from '@hypervigil/model';
import { cloudGroup, createGroupIndex, limitValues, type NearLimit, nearestLimits } from '@hypervigil/policy';
import { findVms, getVm } from '../inventory/vms.ts';
import { findGroups } from '../policy/group-rows.ts';
import type { Database } from '../state/database.ts';
import { type CountedDrops, findDrops } from './drops.ts';
import { listLimits } from './limits.ts';

/** @throws ApiFailure `not-found` */
export async function getVmLimits(db: Database, id: string): Promise<VmLimits> {
  const vm = await getVm(db, id);
  const [limitsOf, drops] = await Promise.all([readLimits(db), findDrops(db, id)]);
  const vnics = limitsOf(vm);
  return { vnics, drops: drops.map((one) => withLimit(one, vnics)) };
}

/** What limits have dropped of all VMs, the latest first. */
export async function listDrops(db: Database): Promise<LimitDrops[]> {
  const drops = await findDrops(db);
  const [limitsOf, vms] = await Promise.all([readLimits(db), findVms(db, [...new Set(drops.map(({ vmId }) => vmId))])]);
  const byVm = new Map(vms.map((vm) => [vm.id, limitsOf(vm)]));
  return drops.map((one) => withLimit(one, byVm.get(one.vmId) ?? []));
}

function withLimit(drops: CountedDrops, vnics: VmLimits['vnics']): LimitDrops {
  const limits = vnics.find(({ vnicId }) => vnicId === drops.vnicId)?.limits ?? [];
  return { ...drops, limitId: limits.find(({ kind }) => kind === drops.kind)?.limitId ?? null };
}

const ALL = { limit: 10_000 };

/** Which limits count for the vNICs of a VM. */
async function readLimits(db: Database): Promise<(vm: Vm) => VmLimits['vnics']> {
  const [limits, groups] = await Promise.all([listLimits(db, ALL), findGroups(db)]);
  const index = createGroupIndex(groups.map(cloudGroup));
  return (vm) =>
    vm.vnics.map(({ id: vnicId, networkId }) => ({
      vnicId,
      limits: countingLimits(limits.items, vm, index.groupsOf(vm, networkId)),
    }));
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
    return limit ? [{ kind, limitId: limit.id, limitName: limit.name, values: limitValues({ [kind]: limit }) }] : [];
  });
}
