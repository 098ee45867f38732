import { randomUUID } from 'node:crypto';
import type { Limit, LimitValues } from '@hypervigil/model';
import type { CloudLimit } from '@hypervigil/policy';
import { sql } from 'kysely';
import { ApiFailure, notFound, unknownId } from '../errors.ts';
import { staleRevision } from '../policy/groups.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import { type Actor, lock, transact } from '../state/work.ts';

type Input = Omit<Limit, 'id' | 'num' | 'revision' | 'changedAt'>;

const FAILURES = { limits_name_key: () => new ApiFailure('name-taken', { what: 'limit', field: 'name' }) };

const select = (db: Database | Tx) => db.selectFrom('limits').selectAll();
type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;

const toLimit = (row: Row): Limit => ({
  id: row.id,
  num: row.num,
  name: row.name,
  description: row.description,
  vmIds: row.vm_ids,
  groupIds: row.group_ids,
  networkIds: row.network_ids,
  tenantIds: row.tenant_ids,
  ...row.limit_values,
  networkOpen: row.network_open,
  revision: row.revision,
  changedAt: row.changed_at.toISOString(),
});

export const listLimits = (db: Database, input: ListInput): Promise<ListOf<Limit>> =>
  listByName(select(db).where(namedLike(input.q)), input, toLimit);

/** @throws ApiFailure `not-found` */
export async function getLimit(db: Database | Tx, id: string): Promise<Limit> {
  const row = await select(db).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('limit', id);
  return toLimit(row);
}

export async function loadLimits(db: Database, ids?: readonly string[]): Promise<CloudLimit[]> {
  const rows = await select(db)
    .$if(ids !== undefined, (b) => b.where(sql<boolean>`id = any(${ids}::uuid[])`))
    .execute();
  return rows.map(({ id, num, vm_ids, group_ids, network_ids, tenant_ids, limit_values, network_open }) => ({
    id,
    num,
    vmIds: vm_ids,
    groupIds: group_ids,
    networkIds: network_ids,
    tenantIds: tenant_ids,
    ...limit_values,
    networkOpen: network_open,
  }));
}

export function createLimit(db: Database, actor: Actor, input: Input): Promise<Limit> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await requireNamed(tx, input);
      const id = randomUUID();
      await tx
        .insertInto('limits')
        .values({ id, ...columns(input) })
        .execute();
      audit({ action: 'limit.created', subject: `limit:${id}`, params: input });
      changed('limits', id);
      return getLimit(tx, id);
    }),
  );
}

export function updateLimit(
  db: Database,
  actor: Actor,
  id: string,
  { revision, ...input }: Input & { revision: number },
): Promise<Limit> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      const row = await select(tx).where('id', '=', id).forUpdate().executeTakeFirst();
      if (row === undefined) throw notFound('limit', id);
      if (row.revision !== revision) throw staleRevision(row.revision);
      await requireNamed(tx, input);
      const next = { ...columns(input), revision: revision + 1, changed_at: new Date() };
      await tx.updateTable('limits').set(next).where('id', '=', id).execute();
      audit({ action: 'limit.updated', subject: `limit:${id}`, params: input });
      changed('limits', id);
      return getLimit(tx, id);
    }),
  );
}

export function deleteLimit(db: Database, actor: Actor, id: string): Promise<void> {
  return transact(db, actor, async ({ tx, audit, changed }) => {
    const row = await tx.deleteFrom('limits').where('id', '=', id).returning('name').executeTakeFirst();
    if (row === undefined) throw notFound('limit', id);
    audit({ action: 'limit.deleted', subject: `limit:${id}`, params: { name: row.name } });
    changed('limits', id);
  });
}

/** Refuses to delete a group that a limit names. Under the lock that {@link requireNamed} takes. */
export async function requireUnlimited(tx: Tx, groupId: string): Promise<void> {
  const named = await tx
    .selectFrom('limits')
    .select('id')
    .where(sql<boolean>`${groupId}::uuid = any(group_ids)`)
    .executeTakeFirst();
  if (named !== undefined) throw new ApiFailure('in-use', { what: 'group', by: 'limit' });
}

/** What is named exists, and a group does not go meanwhile. */
async function requireNamed(tx: Tx, { vmIds, groupIds, networkIds, tenantIds }: Input): Promise<void> {
  if (groupIds.length > 0) await lock(tx, 'policy');
  for (const [table, ids, field, what] of [
    ['vms', vmIds, 'vmIds', 'vm'],
    ['groups', groupIds, 'groupIds', 'group'],
    ['networks', networkIds, 'networkIds', 'network'],
    ['tenants', tenantIds, 'tenantIds', 'tenant'],
  ] as const) {
    if (ids.length === 0) continue;
    const rows = await tx.selectFrom(table).select('id').where(sql<boolean>`id = any(${ids}::uuid[])`).execute();
    const known = new Set(rows.map(({ id }) => id));
    const at = ids.findIndex((id) => !known.has(id));
    if (at >= 0) throw unknownId(`${field}.${at}`, what);
  }
}

function columns({ name, description, vmIds, groupIds, networkIds, tenantIds, ...limits }: Input) {
  const { bandwidthOut, bandwidthIn, newOut, newIn, open } = limits;
  const values: LimitValues = { bandwidthOut, bandwidthIn, newOut, newIn, open };
  return {
    name,
    description,
    vm_ids: [...new Set(vmIds)],
    group_ids: [...new Set(groupIds)],
    network_ids: [...new Set(networkIds)],
    tenant_ids: [...new Set(tenantIds)],
    limit_values: JSON.stringify(values),
    network_open: limits.networkOpen,
  };
}
