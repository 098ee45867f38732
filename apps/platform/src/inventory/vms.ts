import { type Quarantine, selectorOf, type Tags, type Vm, type VmState, type Vnic } from '@hypervigil/model';
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { notFound, unknownId } from '../errors.ts';
import { membersOf, selectedBy } from '../policy/members.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { contains, type ListInput, type ListOf, listByName } from '../state/paging.ts';
import { type Actor, transact } from '../state/work.ts';

/**
 * Why a vNIC's traffic is policed, or why not. The one place that says so: lists and counts both use it.
 * A VM that does not run is `off`; then the engine's word counts; then the first thing that is missing.
 */
export const protection = sql<Vnic['protection']>`case
  when vms.state not in ('running', 'blocked', 'paused', 'shutdown') then 'off'
  when vnics.enforced then 'enforced'
  when vnics.network_id is null then 'no-network'
  when not vnics.on_switch then 'not-on-switch'
  when vnics.ipv4 = '{}' and vnics.ipv6 = '{}' then 'no-address'
  when vms.tenant_id is null then 'no-tenant'
  else 'pending' end`;

const vnicJson = sql`json_build_object('id', vnics.id, 'num', vnics.num, 'vmId', vnics.vm_id,
  'networkId', vnics.network_id, 'mac', vnics.mac, 'ipv4', vnics.ipv4, 'ipv6', vnics.ipv6, 'device', vnics.device,
  'ofport', vnics.ofport, 'protection', ${protection})`;

const vnicsOfVm = sql<Vnic[]>`coalesce((select json_agg(${vnicJson} order by vnics.position)
  from vnics where vnics.vm_id = vms.id), '[]')`;

const select = (db: Database | Tx) => db.selectFrom('vms').selectAll('vms').select(vnicsOfVm.as('vnics'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toVm(row: Row): Vm {
  return {
    id: row.id,
    name: row.name,
    hostId: row.host_id,
    tenantId: row.tenant_id,
    state: row.state,
    vcpus: row.vcpus,
    memoryMiB: row.memory_mib,
    hypervisor: row.hypervisor,
    tags: row.tags,
    vnics: row.vnics,
    quarantine: quarantineOf(row),
    firstSeenAt: row.first_seen_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}

function quarantineOf({ quarantine_reason: reason, quarantined_by: by, quarantined_at: at }: Row): Quarantine | null {
  return at === null || by === null || reason === null ? null : { reason, by, since: at.toISOString() };
}

export interface VmFilter extends ListInput {
  readonly hostId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly networkId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly selector?: string | undefined;
  readonly state?: VmState | undefined;
}

function conditions({ q, hostId, tenantId, networkId, state }: VmFilter): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [];
  if (hostId !== undefined) all.push(sql<boolean>`vms.host_id = ${hostId}`);
  if (tenantId !== undefined) all.push(sql<boolean>`vms.tenant_id = ${tenantId}`);
  if (state !== undefined) all.push(sql<boolean>`vms.state = ${state}`);
  if (networkId !== undefined)
    all.push(sql<boolean>`exists (select from vnics where vnics.vm_id = vms.id and vnics.network_id = ${networkId})`);
  if (q !== undefined) all.push(found(contains(q)));
  return all;
}

const found = (pattern: string) => sql<boolean>`(vms.name ilike ${pattern} or vms.id::text ilike ${pattern}
  or exists (select from vnics where vnics.vm_id = vms.id and (vnics.mac ilike ${pattern}
    or array_to_string(vnics.ipv4 || vnics.ipv6, ' ') ilike ${pattern})))`;

export async function listVms(db: Database, filter: VmFilter, visible: RawBuilder<boolean>): Promise<ListOf<Vm>> {
  const { groupId, selector } = filter;
  const among = [
    ...(groupId === undefined ? [] : [await membersOf(db, groupId)]),
    ...(selector === undefined ? [] : [await foundBy(db, selector)]),
  ].map((ids) => sql<boolean>`vms.id = any(${ids}::uuid[])`);
  return listByName(
    select(db).where((e) => e.and([visible, ...conditions(filter), ...among])),
    filter,
    toVm,
  );
}

/** Who would be in a group with this selector. */
async function foundBy(db: Database, text: string): Promise<string[]> {
  const selector = selectorOf(text);
  return selector === null ? [] : selectedBy(db, selector);
}

export async function findVms(db: Database | Tx, ids: readonly string[]): Promise<Vm[]> {
  if (ids.length === 0) return [];
  return (await select(db).where(sql<boolean>`vms.id = any(${ids}::uuid[])`).execute()).map(toVm);
}

/** @throws ApiFailure `not-found` */
export async function getVm(db: Database | Tx, id: string): Promise<Vm> {
  const [vm] = await findVms(db, [id]);
  if (vm === undefined) throw notFound('vm', id);
  return vm;
}

/** What a person says of a VM; from then on its metadata's claims about that are ignored. */
export async function updateVm(
  db: Database,
  actor: Actor,
  id: string,
  input: { tenantId?: string | null | undefined; tags?: Tags | undefined },
): Promise<Vm> {
  const unknownTenant = () => unknownId('tenantId', 'tenant');
  return explaining({ vms_tenant_id_fkey: unknownTenant }, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const { numUpdatedRows } = await tx
        .updateTable('vms')
        .set({
          changed_at: new Date(),
          ...(input.tenantId === undefined ? {} : { tenant_id: input.tenantId, tenant_set: true }),
          ...(input.tags === undefined ? {} : { tags: JSON.stringify(input.tags), tags_set: true }),
        })
        .where('id', '=', id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw notFound('vm', id);
      audit({ action: 'vm.updated', subject: `vm:${id}`, params: input });
      changed('vm', id);
      // Whose it was is not told that it is: they read their list again.
      if (input.tenantId !== undefined) changed('vms');
      return getVm(tx, id);
    }),
  );
}
