import type { Account } from '@hypervigil/model';
import { find, type Handlers, page, type State } from './handlers.ts';
import { uuid } from './make.ts';

const PASSWORD = 'works-once-23456789';

/** Two people of the provider, and whoever is added. */
export function accountHandlers(state: State): Handlers {
  const person = (n: number, name: string, change: Partial<Account> = {}): Account => ({
    ...{ id: uuid('user', n), name, duty: 'security', tenantId: null, scope: { groupIds: [], networkIds: [] } },
    ...{ disabled: false, mustChangePassword: false, createdBy: 'platform' },
    ...{ createdAt: '2026-11-01T08:00:00.000Z', lastSignInAt: null },
    ...change,
  });
  let accounts = [
    person(1, 'admin', { duty: 'bootstrap', lastSignInAt: '2026-11-20T08:00:00.000Z' }),
    person(2, 'wang', { disabled: true }),
  ];
  const put = (account: Account): Account => {
    accounts = [...accounts.filter(({ id }) => id !== account.id), account];
    state.events.emit({ kind: 'changed', what: 'accounts' });
    return account;
  };
  return {
    listAccounts: ({ query }) => page(accounts, query),
    getAccount: ({ params }) => find(accounts, params.id),
    createAccount: ({ body }) => ({
      ...put(person(state.next(), body.name, { ...body, mustChangePassword: true })),
      password: PASSWORD,
    }),
    updateAccount: ({ params, body: { scope, disabled } }) => {
      const account = find(accounts, params.id);
      return put({ ...account, scope: scope ?? account.scope, disabled: disabled ?? account.disabled });
    },
    resetPassword: ({ params }) => ({
      ...put({ ...find(accounts, params.id), mustChangePassword: true }),
      password: PASSWORD,
    }),
  };
}
