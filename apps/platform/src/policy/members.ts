import { holdsVm, readGroup, type Scope, type Selector, selects } from '@hypervigil/model';
import { cloudGroup, createGroupIndex } from '@hypervigil/policy';
import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';
import { findGroups } from './group-rows.ts';

/** VMs as groups look at them. Who is in a group is said by core/policy alone. */
export async function groupedVms(db: Database | Tx) {
  const vms = await db
    .selectFrom('vms')
    .select(['id', 'tenant_id as tenantId', 'tags'])
    .select(
      sql<
        string[]
      >`array(select distinct network_id::text from vnics where vm_id = vms.id and network_id is not null)`.as(
        'networkIds',
      ),
    )
    .select(sql<string[]>`array(select unnest(ipv4 || ipv6) from vnics where vm_id = vms.id)`.as('addresses'))
    .where('state', '!=', 'gone')
    .orderBy('name')
    .orderBy('id')
    .execute();
  return vms.map(({ networkIds, ...vm }) => ({ ...vm, vnics: networkIds.map((networkId) => ({ networkId })) }));
}

/** VMs that are in a group now, by name. */
export async function membersOf(db: Database, groupId: string): Promise<string[]> {
  const groups = new Map((await findGroups(db)).map((group) => [group.id, readGroup(group)]));
  return (await groupedVms(db)).filter((vm) => holdsVm(groups, groupId, vm)).map(({ id }) => id);
}

/** How many VMs are in each group that has any. */
export async function countMembers(db: Database): Promise<ReadonlyMap<string, number>> {
  const index = createGroupIndex((await findGroups(db)).map(cloudGroup));
  const counts = new Map<string, number>();
  for (const vm of await groupedVms(db))
    for (const id of index.groupsHolding(vm)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** VMs that a selector finds. */
export async function selectedBy(db: Database, selector: Selector): Promise<string[]> {
  return (await groupedVms(db)).filter(({ tags }) => selects(selector, tags)).map(({ id }) => id);
}

/** VMs of a part of a tenant. */
export async function vmsWithin(db: Database, { groupIds, networkIds }: Scope): Promise<ReadonlySet<string>> {
  const groups = new Map((await findGroups(db)).map((group) => [group.id, readGroup(group)]));
  const vms = await groupedVms(db);
  const isWithin = (vm: (typeof vms)[number]) =>
    groupIds.some((id) => holdsVm(groups, id, vm)) || vm.vnics.some(({ networkId }) => networkIds.includes(networkId));
  return new Set(vms.filter(isWithin).map(({ id }) => id));
}
