import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { Tx } from '../state/database.ts';
import type { KnownVm, KnownVnic, Merged, VmFields, VnicFields } from './merge.ts';
import type { Sighting } from './owner.ts';

export interface VmSighting extends Sighting {
  readonly vmId: string;
}

export async function loadSightings(
  tx: Tx,
  which: { hostId?: string; vmIds?: readonly string[] },
): Promise<VmSighting[]> {
  const rows = await tx
    .selectFrom('sightings')
    .select(['vm_id', 'host_id', 'active_since', 'observed'])
    .$if(which.hostId !== undefined, (b) => b.where('host_id', '=', which.hostId!))
    .$if(which.vmIds !== undefined, (b) => b.where(sql<boolean>`vm_id = any(${which.vmIds}::uuid[])`))
    .execute();
  return rows.map((row) => ({
    vmId: row.vm_id,
    hostId: row.host_id,
    activeSince: row.active_since,
    observed: row.observed,
  }));
}

export async function countSightings(tx: Tx, hostId: string): Promise<number> {
  const found = tx.selectFrom('sightings').where('host_id', '=', hostId);
  return (await found.select((e) => e.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n;
}

export async function deleteSightings(tx: Tx, hostId: string, vmIds: readonly string[]): Promise<void> {
  if (vmIds.length === 0) return;
  await tx
    .deleteFrom('sightings')
    .where('host_id', '=', hostId)
    .where(sql<boolean>`vm_id = any(${vmIds}::uuid[])`)
    .execute();
}

export async function writeSightings(tx: Tx, sightings: readonly VmSighting[]): Promise<void> {
  if (sightings.length === 0) return;
  await sql`
    insert into sightings (vm_id, host_id, active_since, observed)
    select "vmId", "hostId", "activeSince", observed from jsonb_to_recordset(${JSON.stringify(sightings)}::jsonb)
      as s ("vmId" uuid, "hostId" uuid, "activeSince" timestamptz, observed jsonb)
    on conflict (vm_id, host_id) do update
    set active_since = excluded.active_since, observed = excluded.observed, seen_at = now()`.execute(tx);
}

export interface Known {
  readonly vms: ReadonlyMap<string, KnownVm>;
  readonly vnics: ReadonlyMap<string, readonly KnownVnic[]>;
}

export async function loadKnown(tx: Tx, vmIds: readonly string[]): Promise<Known> {
  const vms = await tx
    .selectFrom('vms')
    .select(['id', 'name', 'host_id', 'tenant_id', 'tenant_set', 'state', 'vcpus', 'memory_mib', 'hypervisor'])
    .select(['tags', 'tags_set'])
    .where(sql<boolean>`id = any(${vmIds}::uuid[])`)
    .forUpdate()
    .execute();
  const vnics = await tx
    .selectFrom('vnics')
    .select(['id', 'vm_id', 'mac', 'network_id', 'network_set', 'ipv4', 'ipv4_set', 'ipv6', 'ipv6_set'])
    .select(['device', 'ofport', 'on_switch', 'enforced', 'position'])
    .where(sql<boolean>`vm_id = any(${vmIds}::uuid[])`)
    .orderBy('position')
    .execute();
  return { vms: new Map(vms.map((vm) => [vm.id, vm])), vnics: Map.groupBy(vnics, (vnic) => vnic.vm_id) };
}

/**
 * Writes what differs from what is known. New rows and changed ones go separately: an upsert would take a number from
 * the sequence for every row that is there already.
 * @returns ids of the VMs that changed
 */
export async function writeMerged(tx: Tx, known: Known, merged: readonly Merged[]): Promise<string[]> {
  const added: VmFields[] = [];
  const changed: VmFields[] = [];
  const vnics = { added: [] as VnicFields[], changed: [] as VnicFields[], removed: [] as string[] };
  for (const { vm, vnics: now } of merged) {
    const old = known.vms.get(vm.id);
    const differs = sortVnics(known.vnics.get(vm.id) ?? [], now, vnics);
    if (old === undefined) added.push(vm);
    else if (differs || !isSame(vm, old)) changed.push(vm);
  }
  await insertVms(tx, added);
  await updateVms(tx, changed);
  if (vnics.removed.length > 0) await tx.deleteFrom('vnics').where('id', 'in', vnics.removed).execute();
  await insertVnics(tx, vnics.added);
  await updateVnics(tx, vnics.changed);
  return [...added, ...changed].map((vm) => vm.id);
}

function sortVnics(
  old: readonly KnownVnic[],
  now: readonly VnicFields[],
  into: { added: VnicFields[]; changed: VnicFields[]; removed: string[] },
): boolean {
  const before = new Map(old.map((vnic) => [vnic.id, vnic]));
  let differs = false;
  for (const vnic of now) {
    const known = before.get(vnic.id);
    before.delete(vnic.id);
    if (known !== undefined && isSame(vnic, known)) continue;
    differs = true;
    (known === undefined ? into.added : into.changed).push(vnic);
  }
  into.removed.push(...before.keys());
  return differs || before.size > 0;
}

function isSame<T extends object>(now: T, old: T): boolean {
  return (Object.keys(now) as (keyof T)[]).every((key) => isDeepStrictEqual(now[key], old[key]));
}

async function insertVms(tx: Tx, vms: readonly VmFields[]): Promise<void> {
  if (vms.length === 0) return;
  await sql`
    insert into vms (id, name, host_id, tenant_id, state, vcpus, memory_mib, hypervisor, tags)
    select * from jsonb_to_recordset(${JSON.stringify(vms)}::jsonb) as v
      (id uuid, name text, host_id uuid, tenant_id uuid, state text, vcpus int, memory_mib bigint, hypervisor text, tags jsonb)`.execute(
    tx,
  );
}

async function updateVms(tx: Tx, vms: readonly VmFields[]): Promise<void> {
  if (vms.length === 0) return;
  await sql`
    update vms set name = v.name, host_id = v.host_id, tenant_id = v.tenant_id, state = v.state, vcpus = v.vcpus,
      memory_mib = v.memory_mib, hypervisor = v.hypervisor, tags = v.tags, changed_at = now()
    from jsonb_to_recordset(${JSON.stringify(vms)}::jsonb) as v
      (id uuid, name text, host_id uuid, tenant_id uuid, state text, vcpus int, memory_mib bigint, hypervisor text, tags jsonb)
    where vms.id = v.id`.execute(tx);
}

const VNIC_COLUMNS = sql`(id uuid, vm_id uuid, mac text, network_id uuid, ipv4 text[], ipv6 text[], device text,
  ofport int, on_switch boolean, enforced boolean, position int)`;

/** The id of another VM's vNIC is left alone: a host cannot take a vNIC from a VM by naming it. */
async function insertVnics(tx: Tx, vnics: readonly VnicFields[]): Promise<void> {
  if (vnics.length === 0) return;
  await sql`
    insert into vnics (id, vm_id, mac, network_id, ipv4, ipv6, device, ofport, on_switch, enforced, position)
    select distinct on (id) id, vm_id, mac, network_id, ipv4, ipv6, device, ofport, on_switch, enforced, position
    from jsonb_to_recordset(${JSON.stringify(vnics)}::jsonb) as v ${VNIC_COLUMNS}
    order by id, position
    on conflict (id) do nothing`.execute(tx);
}

async function updateVnics(tx: Tx, vnics: readonly VnicFields[]): Promise<void> {
  if (vnics.length === 0) return;
  await sql`
    update vnics set mac = v.mac, network_id = v.network_id, ipv4 = v.ipv4, ipv6 = v.ipv6, device = v.device,
      ofport = v.ofport, on_switch = v.on_switch, enforced = v.enforced, position = v.position
    from jsonb_to_recordset(${JSON.stringify(vnics)}::jsonb) as v ${VNIC_COLUMNS}
    where vnics.id = v.id and vnics.vm_id = v.vm_id`.execute(tx);
}
