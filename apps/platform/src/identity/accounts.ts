import { randomUUID } from 'node:crypto';
import type { AccountWithPassword } from '@hypervigil/contract';
import { type Account, type Duty, isTenantDuty, isWhole, type Scope } from '@hypervigil/model';
import { type Selectable, sql } from 'kysely';
import type { Access } from '../access/access.ts';
import { ApiFailure, badField, notFound, unknownId } from '../errors.ts';
import { explaining } from '../state/constraints.ts';
import type { Database, Tx } from '../state/database.ts';
import { type ListInput, type ListOf, listByName, namedLike } from '../state/paging.ts';
import type { UserTable } from '../state/tables/people.ts';
import { type Actor, transact } from '../state/work.ts';
import { oneTimePassword, type Passwords } from './passwords.ts';
import { principalOf, type Sessions } from './sessions.ts';

export interface Accounts {
  list(access: Access, input: ListInput): Promise<ListOf<Account>>;
  /** @throws ApiFailure `not-found` */
  get(id: string): Promise<Account>;
  create(actor: Actor, input: NewAccount): Promise<AccountWithPassword>;
  update(
    actor: Actor,
    id: string,
    input: { scope?: Scope | undefined; disabled?: boolean | undefined },
  ): Promise<Account>;
  resetPassword(actor: Actor, id: string): Promise<AccountWithPassword>;
}

interface NewAccount {
  readonly name: string;
  readonly duty: Duty;
  readonly tenantId: string | null;
  readonly scope: Scope;
}

/** What the audit log calls whoever has no account. */
const RESERVED: ReadonlySet<string> = new Set(['platform', 'local', 'anonymous', 'enrolment']);

const FAILURES = {
  users_name_key: () => new ApiFailure('name-taken', { what: 'account', field: 'name' }),
  users_tenant_id_fkey: () => unknownId('tenantId', 'tenant'),
};

function toAccount(row: Selectable<UserTable>): Account {
  const { id, duty, tenantId, scope, disabled } = principalOf(row);
  return {
    id,
    name: row.name,
    duty,
    tenantId,
    scope: { ...scope },
    disabled,
    mustChangePassword: row.must_change_password,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  };
}

/** The people who can sign in. Whether somebody may do this is decided before it comes here. */
export function createAccounts(deps: { db: Database; passwords: Passwords; sessions: Sessions }): Accounts {
  const { db, passwords, sessions } = deps;

  async function find(id: string, from: Database | Tx = db): Promise<Selectable<UserTable>> {
    const row = await from.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound('account', id);
    return row;
  }

  return Object.freeze({
    list: (access: Access, input: ListInput) =>
      listByName(
        db.selectFrom('users').selectAll().where(namedLike(input.q)).where(access.owned('account:read', 'tenant_id')),
        input,
        toAccount,
      ),
    get: async (id: string) => toAccount(await find(id)),

    async create(actor: Actor, { name, duty, tenantId, scope }: NewAccount) {
      requireFitting(duty, tenantId, scope);
      if (RESERVED.has(name.toLowerCase())) throw FAILURES.users_name_key();
      const password = oneTimePassword();
      const hash = await passwords.hash(password);
      const account = await explaining(FAILURES, () =>
        transact(db, actor, async ({ tx, audit, changed }) => {
          await requireParts(tx, tenantId, scope);
          const id = randomUUID();
          const row = await tx
            .insertInto('users')
            .values({
              ...{ id, name, duty, tenant_id: tenantId, created_by: actor.name },
              ...scopeColumns(scope),
              ...{ password_hash: hash, must_change_password: true },
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          audit({ action: 'account.created', subject: `account:${id}`, params: { name, duty, tenantId, scope } });
          changed('accounts', id);
          return toAccount(row);
        }),
      );
      return { ...account, password };
    },

    async update(actor: Actor, id: string, input: { scope?: Scope | undefined; disabled?: boolean | undefined }) {
      const account = await transact(db, actor, async ({ tx, audit, changed }) => {
        const { duty, tenant_id: tenantId } = await find(id, tx);
        if (input.scope !== undefined) {
          requireFitting(duty, tenantId, input.scope);
          await requireParts(tx, tenantId, input.scope);
        }
        await tx
          .updateTable('users')
          .set({
            id,
            ...(input.scope !== undefined && scopeColumns(input.scope)),
            ...(input.disabled !== undefined && { disabled: input.disabled }),
          })
          .where('id', '=', id)
          .execute();
        audit({ action: 'account.updated', subject: `account:${id}`, params: input });
        changed('accounts', id);
        return toAccount(await find(id, tx));
      });
      if (account.disabled) await sessions.endOthers(id);
      return account;
    },

    async resetPassword(actor: Actor, id: string) {
      const password = oneTimePassword();
      const hash = await passwords.hash(password);
      const account = await transact(db, actor, async ({ tx, audit, changed }) => {
        await find(id, tx);
        const next = { password_hash: hash, must_change_password: true };
        await tx.updateTable('users').set(next).where('id', '=', id).execute();
        audit({ action: 'account.password.reset', subject: `account:${id}` });
        changed('accounts', id);
        return toAccount(await find(id, tx));
      });
      await sessions.endOthers(id);
      return { ...account, password };
    },
  });
}

const scopeColumns = ({ groupIds, networkIds }: Scope) => ({ scope_groups: groupIds, scope_networks: networkIds });

/** A tenant's duty is within a tenant, a provider's is not, and only a member's rights are for a part. */
function requireFitting(duty: Duty, tenantId: string | null, scope: Scope): void {
  if (isTenantDuty(duty) && tenantId === null) throw badField('tenantId', { code: 'missing', params: {} });
  if (!isTenantDuty(duty) && tenantId !== null) throw badField('tenantId', { code: 'unknown-field', params: {} });
  if (duty !== 'tenant-member' && !isWhole(scope)) throw badField('scope', { code: 'unknown-field', params: {} });
}

/** Parts are the tenant's own groups, and networks that are its own or the provider's. */
async function requireParts(tx: Tx, tenantId: string | null, { groupIds, networkIds }: Scope): Promise<void> {
  const groups = await idsOf(tx, 'groups', groupIds, sql`tenant_id = ${tenantId}`);
  const networks = await idsOf(tx, 'networks', networkIds, sql`(tenant_id is null or tenant_id = ${tenantId})`);
  const group = groupIds.findIndex((id) => !groups.has(id));
  const network = networkIds.findIndex((id) => !networks.has(id));
  if (group >= 0) throw unknownId(`scope.groupIds.${group}`, 'group');
  if (network >= 0) throw unknownId(`scope.networkIds.${network}`, 'network');
}

async function idsOf(tx: Tx, table: 'groups' | 'networks', ids: readonly string[], fits: ReturnType<typeof sql>) {
  if (ids.length === 0) return new Set<string>();
  const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)}
    where id = any(${ids}::uuid[]) and ${fits}`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}
