import { type Group, holdsVm, readGroup, type Scope, type Selector, selects, type Tags } from '@hypervigil/model';
import { cloudGroup, createGroupIndex } from '@hypervigil/policy';
import { sql } from 'kysely';
import type { Database, Tx } from '../state/database.ts';
import { findGroups } from './group-rows.ts';

interface Among {
  readonly tenantId?: string;
  readonly ids?: readonly string[];
  /** False where nobody asks for their networks. */
  readonly withNetworks?: boolean;
  readonly inOrder?: boolean;
}

const NETWORKS_OF = sql<string[]>`array(
  select distinct network_id::text from vnics where vm_id = vms.id and network_id is not null
)`;

const placed = (db: Database | Tx, { tenantId, ids, withNetworks = true, inOrder = false }: Among) =>
  db
    .selectFrom('vms')
    .select(['id', 'tenant_id as tenantId'])
    .select((withNetworks ? NETWORKS_OF : sql<string[]>`'{}'::text[]`).as('networkIds'))
    .where('state', '!=', 'gone')
    .$if(tenantId !== undefined, (b) => b.where('tenant_id', '=', tenantId!))
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`id = any(${ids}::uuid[])`))
    .$if(inOrder, (b) => b.orderBy('name').orderBy('id'));

/** VMs as groups look at them, all or some. Who is in a group is said by core/policy alone. */
export async function groupedVms(db: Database | Tx, among: Among = {}) {
  const vms = await placed(db, among).select('tags').execute();
  return vms.map(({ networkIds, ...vm }) => ({ ...vm, vnics: vnicsOn(networkIds) }));
}

const vnicsOn = (networkIds: readonly string[]) => networkIds.map((networkId) => ({ networkId }));

/** VMs that are in a group now, by name. */
export async function membersOf(db: Database, groupId: string): Promise<string[]> {
  const groups = new Map((await findGroups(db)).map((group) => [group.id, readGroup(group)]));
  return (await groupedVms(db, { inOrder: true })).filter((vm) => holdsVm(groups, groupId, vm)).map(({ id }) => id);
}

/** How many VMs are in each group that has any. */
export async function countMembers(db: Database): Promise<ReadonlyMap<string, number>> {
  const index = createGroupIndex((await findGroups(db)).map(cloudGroup));
  const counts = new Map<string, number>();
  for (const vm of await groupedVms(db))
    for (const id of index.groupsHolding(vm)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** vNICs that are in each group now, for groups that have any. */
export async function vnicsInGroups(db: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const index = createGroupIndex((await findGroups(db)).map(cloudGroup));
  const vms = new Map((await groupedVms(db, { withNetworks: false })).map((vm) => [vm.id, vm]));
  const vnics = await db.selectFrom('vnics').select(['id', 'vm_id', 'network_id']).execute();
  const found = new Map<string, string[]>();
  for (const { id, vm_id, network_id } of vnics) {
    const vm = vms.get(vm_id);
    if (vm === undefined) continue;
    for (const groupId of index.groupsOf(vm, network_id)) found.getOrInsertComputed(groupId, () => []).push(id);
  }
  return found;
}

/** Groups that have each of these VMs now; of VMs that are gone, none. */
export async function groupsHolding(
  db: Database,
  vmIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const index = createGroupIndex((await findGroups(db)).map(cloudGroup));
  return new Map((await groupedVms(db, { ids: vmIds })).map((vm) => [vm.id, [...index.groupsHolding(vm)]]));
}

/** VMs that a selector finds. */
export async function selectedBy(db: Database, selector: Selector): Promise<string[]> {
  return (await groupedVms(db)).filter(({ tags }) => selects(selector, tags)).map(({ id }) => id);
}

/** A part of a tenant. */
interface TenantPart {
  readonly tenantId: string;
  readonly scope: Scope;
}

/** VMs of a part of a tenant; of these alone, where some are named. */
export async function vmsWithin(
  db: Database,
  { tenantId, scope }: TenantPart,
  ids?: readonly string[],
): Promise<ReadonlySet<string>> {
  const groups = await withInner(db, scope.groupIds);
  const withNetworks = [scope, ...groups].some((one) => one.networkIds.length > 0);
  const rows = await placed(db, { tenantId, ...(ids && { ids }), withNetworks })
    .select(sql<string>`tags::text`.as('tags'))
    .execute();
  const index = createGroupIndex(groups.map(cloudGroup));
  const [groupIds, networks] = [new Set(scope.groupIds), new Set(scope.networkIds)];
  const judge = ({ tags, networkIds, ...vm }: (typeof rows)[number]): boolean =>
    networkIds.some((id) => networks.has(id)) ||
    !index
      .groupsHolding({ ...vm, tags: JSON.parse(tags) as Tags, vnics: vnicsOn(networkIds) })
      .isDisjointFrom(groupIds);
  const named = new Set(groups.flatMap(({ vmIds }) => vmIds));
  // Of thousands of VMs most have tags and networks like many others, and are judged alike where no group names them.
  const judged = new Map<string, boolean>();
  const isWithin = (vm: (typeof rows)[number]): boolean =>
    named.has(vm.id)
      ? judge(vm)
      : judged.getOrInsertComputed(withNetworks ? `${vm.tags} ${vm.networkIds}` : vm.tags, () => judge(vm));
  return new Set(rows.filter(isWithin).map(({ id }) => id));
}

/** Groups with those that are in them, and in those, and so on. */
async function withInner(db: Database, ids: readonly string[]): Promise<Group[]> {
  const found: Group[] = [];
  const asked = new Set<string>();
  let next = [...ids];
  while (next.length > 0) {
    for (const id of next) asked.add(id);
    const more = await findGroups(db, next);
    found.push(...more);
    next = [...new Set(more.flatMap(({ groupIds }) => groupIds))].filter((id) => !asked.has(id));
  }
  return found;
}
