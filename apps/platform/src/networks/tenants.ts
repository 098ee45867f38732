import { randomUUID } from 'node:crypto';
import type { Tenant, Thing } from '@hypervigil/model';
import type { RawBuilder, Selectable } from 'kysely';
import { ApiFailure, notFound } from '../errors.ts';
import { adoptClaimants } from '../inventory/adopt.ts';
import type { ClaimSettings } from '../inventory/claims.ts';
import { requireUnnamed } from '../policy/named.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import type { TenantTable } from '../state/tables/cloud.ts';
import { type Actor, lock, transact } from '../state/work.ts';

type Input = Pick<Tenant, 'name' | 'description' | 'intraTenant'>;

function toTenant(row: Selectable<TenantTable>): Tenant {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    description: row.description,
    intraTenant: row.intra_tenant,
    createdAt: row.created_at.toISOString(),
  };
}

const columns = ({ name, description, intraTenant }: Input) => ({ name, description, intra_tenant: intraTenant });

const inUse = (by: Thing) => () => new ApiFailure('in-use', { what: 'tenant', by });
const FAILURES = {
  tenants_name_key: () => new ApiFailure('name-taken', { what: 'tenant', field: 'name' }),
  vms_tenant_id_fkey: inUse('vm'),
  networks_tenant_id_fkey: inUse('network'),
  groups_tenant_id_fkey: inUse('group'),
  group_tenants_tenant_id_fkey: inUse('group'),
  draft_policies_tenant_id_fkey: inUse('policy'),
  users_tenant_id_fkey: inUse('account'),
};

export const listTenants = (db: Database, input: ListInput, visible: RawBuilder<boolean>): Promise<ListOf<Tenant>> =>
  listByName(db.selectFrom('tenants').selectAll().where(namedLike(input.q)).where(visible), input, toTenant);

export async function getTenant(db: Database | Tx, id: string): Promise<Tenant> {
  const row = await db.selectFrom('tenants').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound('tenant', id);
  return toTenant(row);
}

export function createTenant(db: Database, actor: Actor, input: Input, claims: ClaimSettings): Promise<Tenant> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const { tx, audit, changed } = work;
      await lock(tx, 'inventory');
      const id = randomUUID();
      const row = { id, ...columns(input) };
      const tenant = await tx.insertInto('tenants').values(row).returningAll().executeTakeFirstOrThrow();
      audit({ action: 'tenant.created', subject: `tenant:${id}`, params: input });
      changed('tenants', id);
      await adoptClaimants(work, 'tenant', input.name, claims);
      return toTenant(tenant);
    }),
  );
}

export function updateTenant(
  db: Database,
  actor: Actor,
  id: string,
  input: Input,
  claims: ClaimSettings,
): Promise<Tenant> {
  return explaining(FAILURES, () =>
    transact(db, actor, async (work) => {
      const { tx, audit, changed } = work;
      await lock(tx, 'inventory');
      const update = tx.updateTable('tenants').set(columns(input)).where('id', '=', id);
      const tenant = await update.returningAll().executeTakeFirst();
      if (tenant === undefined) throw notFound('tenant', id);
      audit({ action: 'tenant.updated', subject: `tenant:${id}`, params: input });
      changed('tenants', id);
      await adoptClaimants(work, 'tenant', input.name, claims);
      return toTenant(tenant);
    }),
  );
}

export function deleteTenant(db: Database, actor: Actor, id: string): Promise<void> {
  return explaining(FAILURES, () =>
    transact(db, actor, async ({ tx, audit, changed }) => {
      await lock(tx, 'policy');
      await requireUnnamed(tx, 'tenant', id);
      // A VM that is gone owns nothing and holds nobody up.
      await tx
        .updateTable('vms')
        .set({ tenant_id: null })
        .where('tenant_id', '=', id)
        .where('state', '=', 'gone')
        .execute();
      const row = await tx.deleteFrom('tenants').where('id', '=', id).returning('name').executeTakeFirst();
      if (row === undefined) throw notFound('tenant', id);
      audit({ action: 'tenant.deleted', subject: `tenant:${id}`, params: { name: row.name } });
      changed('tenants', id);
    }),
  );
}
