import { randomUUID } from 'node:crypto';
import { type Group, printSelector, selectorOf, type Thing } from '@hypervigil/model';
import { checkGroups } from '@hypervigil/policy';
import { type RawBuilder, sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { requireUnlimited } from '../limits/limits.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';
import { findGroups, PARTS, type Part, selectGroups, toGroup } from './group-rows.ts';
import { countMembers, membersOf } from './members.ts';
import { requireUnnamed } from './named.ts';

type Input = Pick<Group, 'name' | 'description' | 'tenantId' | 'selector' | Part>;

const FAILURES = {
  groups_name_key: () => new ApiFailure('name-taken', { what: 'group', field: 'name' }),
  groups_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
  group_vms_vm_id_fkey: () => unknownId('vmIds', 'vm'),
  group_networks_network_id_fkey: () => unknownId('networkIds', 'network'),
  group_tenants_tenant_id_fkey: () => unknownId('tenantIds', 'tenant'),
  group_groups_inner_id_fkey: () => unknownId('groupIds', 'group'),
};

export async function listGroups(
  db: Database,
  input: ListInput,
  visible: RawBuilder<boolean>,
): Promise<ListOf<Group & { memberCount: number }>> {
  const page = await listByName(selectGroups(db).where(namedLike(input.q)).where(visible), input, toGroup);
  const counts = await countMembers(db);
  return { ...page, items: page.items.map((group) => ({ ...group, memberCount: counts.get(group.id) ?? 0 })) };
}

async function findGroup(db: Database | Tx, id: string): Promise<Group> {
  const [group] = await findGroups(db, [id]);
  if (group === undefined) throw notFound('group', id);
  return group;
}

export async function getGroup(db: Database, id: string): Promise<Group & { memberIds: string[] }> {
  return { ...(await findGroup(db, id)), memberIds: await membersOf(db, id) };
}

export function createGroup(db: Database, actor: Actor, input: Input): Promise<Group> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      if (input.groupIds.length > 0) await lock(tx, 'groups');
      const id = randomUUID();
      await tx
        .insertInto('groups')
        .values({ id, ...columns(input) })
        .execute();
      await setParts(tx, id, input);
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
      if (input.groupIds.length > 0) await lock(tx, 'groups');
      const row = await tx.selectFrom('groups').select('revision').where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('group', id);
      if (row.revision !== input.revision) throw staleRevision(row.revision);
      const next = { ...columns(input), revision: row.revision + 1, changed_at: new Date() };
      await tx.updateTable('groups').set(next).where('id', '=', id).execute();
      await setParts(tx, id, input);
      audit({ action: 'group.updated', subject: `group:${id}`, params: input });
      changed('groups', id);
      return findGroup(tx, id);
    }),
  );
}

export function deleteGroup(db: Database, actor: Actor, id: string): Promise<void> {
  const by = (by: Thing) => () => new ApiFailure('in-use', { what: 'group', by });
  const failures = {
    group_groups_inner_id_fkey: by('group'),
    detector_settings_group_id_fkey: by('detector-setting'),
  };
  return explaining(failures, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      // Under the lock of the draft, so that no rule comes to name it meanwhile.
      await lock(tx, 'policy');
      await requireUnnamed(tx, 'group', id);
      await requireUnlimited(tx, id);
      const row = await tx.deleteFrom('groups').where('id', '=', id).returning('name').executeTakeFirst();
      if (row === undefined) throw notFound('group', id);
      audit({ action: 'group.deleted', subject: `group:${id}`, params: { name: row.name } });
      changed('groups', id);
    }),
  );
}

export const staleRevision = (current: number) => new ApiFailure('stale-revision', { current });

const columns = ({ name, description, tenantId, selector }: Input) => ({
  name,
  description,
  tenant_id: tenantId,
  expression: printSelector(selectorOf(selector)),
});

/**
 * Writes what a group names, and looks at how it stands among the others: under the lock of groups where it names one, so
 * that of two that would make a circle together one is refused.
 */
async function setParts(tx: Tx, id: string, input: Input): Promise<void> {
  for (const part of Object.keys(PARTS) as Part[]) {
    const [table, column] = PARTS[part];
    const ids = input[part];
    await sql`delete from ${sql.table(table)} where group_id = ${id}
      and ${sql.ref(column)} <> all(${ids}::uuid[])`.execute(tx);
    if (ids.length > 0)
      await sql`insert into ${sql.table(table)} (group_id, ${sql.ref(column)})
        select distinct ${id}::uuid, one from unnest(${ids}::uuid[]) as one on conflict do nothing`.execute(tx);
  }
  if (input.groupIds.length + input.tenantIds.length === 0) return;
  const groups = new Map((await findGroups(tx)).map((group) => [group.id, group]));
  const mistakes = checkGroups(groups)(id);
  if (mistakes.length > 0) throw new ApiFailure('invalid-request', {}, { mistakes });
}
