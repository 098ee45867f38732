import type { CountingLimit, LimitDrops, VmLimits } from '@hypervigil/contract';
import { type Id, isForEveryone, LIMIT_KINDS, type Limit, type Vm } from '@hypervigil/model';
import {
  cloudGroup,
  createGroupIndex,
  limitValues,
  type NearLimit,
  nearestLimits,
  nearnessOf,
} from '@hypervigil/policy';
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
    vm.vnics.map(({ id: vnicId, networkId }) => {
      const groups = index.groupsOf(vm, networkId);
      return { vnicId, limits: countingLimits(limits.items, { ...vm, networkId, groups }) };
    });
}

interface Limited extends Pick<Vm, 'id' | 'tenantId'> {
  readonly networkId: Id | null;
  readonly groups: ReadonlySet<Id>;
}

function countingLimits(limits: readonly Limit[], { id, tenantId, networkId, groups }: Limited): CountingLimit[] {
  const near = limits.flatMap((limit): NearLimit<Limit>[] => {
    const nearness = nearnessOf({
      vm: limit.vmIds.includes(id),
      group: limit.groupIds.some((group) => groups.has(group)),
      network: networkId !== null && limit.networkIds.includes(networkId),
      tenant: tenantId !== null && limit.tenantIds.includes(tenantId),
      everyone: isForEveryone(limit),
    });
    return nearness === null ? [] : [{ limit, nearness }];
  });
  const counting = nearestLimits(near);
  return LIMIT_KINDS.flatMap((kind) => {
    const limit = counting[kind];
    return limit ? [{ kind, limitId: limit.id, limitName: limit.name, values: limitValues({ [kind]: limit }) }] : [];
  });
}
