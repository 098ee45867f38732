import { sessionOf } from '../identity/identity.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** People’s sessions and accounts. */
export function sessionHandlers(deps: HandlerDeps) {
  const { identity, accounts } = deps;
  return {
    async signIn({ body, call }) {
      const { source, actor } = call;
      const { token, person } = await identity.signIn({ ...body, source, requestId: actor.requestId });
      call.setToken(token, person.expiresAt);
      return sessionOf(person, deps.authorizer.rights(person));
    },
    getSession: ({ person, access }) => sessionOf(person, access.rights()),
    async signOut({ call }) {
      if (call.token !== undefined) await identity.signOut(call.token);
      call.clearToken();
      return undefined;
    },
    async changePassword({ person, body, call }) {
      const { source, actor, token = '' } = call;
      const changed = await identity.changePassword(person, token, body, { ...actor, source });
      return sessionOf(changed, deps.authorizer.rights(changed));
    },
    listAccounts: ({ query, access }) => accounts.list(access, query),
    getAccount: ({ params }) => accounts.get(params.id),
    createAccount: ({ body, call }) => accounts.create(call.actor, body),
    updateAccount: ({ params, body, call }) => accounts.update(call.actor, params.id, body),
    resetPassword: ({ params, call }) => accounts.resetPassword(call.actor, params.id),
  } satisfies Part;
}
