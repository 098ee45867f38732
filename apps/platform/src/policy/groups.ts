import { randomUUID } from 'node:crypto';
import type { Group } from '@hypervigil/model';
import { sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { isInGroup } from '../inventory/vms.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { requireUnnamed } from './named.ts';

type Input = Pick<Group, 'name' | 'description' | 'tenantId' | 'vmIds' | 'selector'>;

const vmIds = sql<string[]>`array(select vm_id::text from group_vms where group_id = groups.id order by vm_id)`;
const memberCount = sql<number>`(select count(*) from vms where vms.state <> 'gone' and ${isInGroup})`;
const select = (db: Database | Tx) => db.selectFrom('groups').selectAll('groups').select(vmIds.as('vm_ids'));
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

function toGroup(row: Row): Group {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    description: row.description,
    tenantId: row.tenant_id,
    vmIds: row.vm_ids,
    selector: row.selector,
    revision: row.revision,
    changedAt: row.changed_at.toISOString(),
  };
}

const FAILURES = {
  groups_name_key: () => new ApiFailure('name-taken', { what: 'group', field: 'name' }),
  groups_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
  group_vms_vm_id_fkey: () => unknownId('vmIds', 'vm'),
};

export function listGroups(db: Database, input: ListInput): Promise<ListOf<Group & { memberCount: number }>> {
  const found = select(db).select(memberCount.as('member_count')).where(namedLike(input.q));
  return listByName(found, input, (row) => ({ ...toGroup(row), memberCount: row.member_count }));
}

export async function findGroups(db: Database | Tx, ids?: readonly string[]): Promise<Group[]> {
  const rows = await select(db)
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`groups.id = any(${ids}::uuid[])`))
    .execute();
  return rows.map(toGroup);
}

async function findGroup(db: Database | Tx, id: string): Promise<Group> {
  const [group] = await findGroups(db, [id]);
  if (group === undefined) throw notFound('group', id);
  return group;
}

export async function getGroup(db: Database, id: string): Promise<Group & { memberIds: string[] }> {
  const group = await findGroup(db, id);
  const members = await db
    .selectFrom('vms')
    .innerJoin('groups', (join) => join.onTrue())
    .select('vms.id')
    .where('groups.id', '=', id)
    .where('vms.state', '!=', 'gone')
    .where(isInGroup)
    .orderBy('vms.name')
    .execute();
  return { ...group, memberIds: members.map((row) => row.id) };
}

export function createGroup(db: Database, actor: Actor, input: Input): Promise<Group> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const id = randomUUID();
      await tx
        .insertInto('groups')
        .values({ id, ...columns(input) })
        .execute();
      await setMembers(tx, id, input.vmIds);
      audit({ action: 'group.created', subject: `group:${id}`, params: input });
      changed('groups', id);
      return findGroup(tx, id);
    }),
  );
}

export function updateGroup(
  db: Database,
  actor: Actor,
  id: string,
  input: Input & { revision: number },
): Promise<Group> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await tx.selectFrom('groups').select('revision').where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('group', id);
      if (row.revision !== input.revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: row.revision + 1, changed_at: new Date() };
      await tx.updateTable('groups').set(next).where('id', '=', id).execute();
      await setMembers(tx, id, input.vmIds);
      audit({ action: 'group.updated', subject: `group:${id}`, params: input });
      changed('groups', id);
      return findGroup(tx, id);
    }),
  );
}

export function deleteGroup(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    // Under the lock of the draft, so that no rule comes to name it meanwhile.
    await lock(tx, 'policy');
    await requireUnnamed(tx, 'group', id);
    const row = await tx.deleteFrom('groups').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('group', id);
    audit({ action: 'group.deleted', subject: `group:${id}`, params: { name: row.name } });
    changed('groups', id);
  });
}

export const staleRevision = (current: number) => new ApiFailure('stale-revision', { current });

const columns = ({ name, description, tenantId, selector }: Input) => ({
  name,
  description,
  tenant_id: tenantId,
  selector: JSON.stringify(selector),
});

async function setMembers(tx: Tx, id: string, vmIds: readonly string[]): Promise<void> {
  await sql`delete from group_vms where group_id = ${id} and vm_id <> all(${vmIds}::uuid[])`.execute(tx);
  await sql`insert into group_vms (group_id, vm_id) select distinct ${id}::uuid, vm_id from unnest(${vmIds}::uuid[]) as vm_id
    on conflict do nothing`.execute(tx);
}
