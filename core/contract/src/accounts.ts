import { Account, Id, Name, PROVIDER_DUTIES, Scope, TENANT_DUTIES } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
const scope = Scope.default({ groupIds: [], networkIds: [] });

/** An account with a password that works once. It is in this answer only; the platform keeps its hash. */
export const AccountWithPassword = Account.extend({ password: z.string() });
export type AccountWithPassword = z.infer<typeof AccountWithPassword>;

export const accounts = defineEndpoints({
  listAccounts: {
    method: 'GET',
    path: '/api/v1/accounts',
    summary: 'People who can sign in: their duty, tenant and scope',
    caller: 'person',
    permission: 'account:read',
    query: ListQuery,
    response: listOf(Account),
  },
  getAccount: {
    method: 'GET',
    path: '/api/v1/accounts/{id}',
    summary: 'One account',
    caller: 'person',
    permission: 'account:read',
    params,
    response: Account,
  },
  createAccount: {
    method: 'POST',
    path: '/api/v1/accounts',
    summary: 'Create an account; the answer has a password that works once and has to be changed then',
    caller: 'person',
    permission: 'account:write',
    body: z.strictObject({
      name: Name,
      duty: z.enum([...PROVIDER_DUTIES, ...TENANT_DUTIES]),
      tenantId: Id.nullable().default(null),
      scope,
    }),
    response: AccountWithPassword,
    status: 201,
  },
  updateAccount: {
    method: 'PATCH',
    path: '/api/v1/accounts/{id}',
    summary: "Change a member's scope, or disable an account: its sessions end at once",
    caller: 'person',
    permission: 'account:write',
    params,
    body: z.strictObject({ scope: Scope.optional(), disabled: z.boolean().optional() }),
    response: Account,
  },
  resetPassword: {
    method: 'POST',
    path: '/api/v1/accounts/{id}/password',
    summary: 'Give an account a new password that works once; its sessions end at once',
    caller: 'person',
    permission: 'account:write',
    params,
    response: AccountWithPassword,
  },
});
