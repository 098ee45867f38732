import { isDeepStrictEqual } from 'node:util';
import type { Principal, Rights } from '@hypervigil/authz';
import type { Session } from '@hypervigil/contract';
import type { AuditAction } from '@hypervigil/model';
import { ApiFailure, badField } from '../errors.ts';
import type { Database } from '../state/database.ts';
import { type Actor, recordRefusal, transact } from '../state/work.ts';
import { FIRST_ADMINISTRATOR, forgetFirstPassword } from './first-administrator.ts';
import type { Passwords } from './passwords.ts';
import { principalOf, type Sessions } from './sessions.ts';
import type { Throttle } from './throttle.ts';

/** Who calls, once that is known. */
export interface Person extends Principal {
  readonly name: string;
  readonly mustChangePassword: boolean;
  readonly expiresAt: Date;
}

/**
 * The seam behind which people are known. Everything else asks these questions and nothing more, so other ways to
 * sign in and other kinds of people come in here.
 */
export interface Identity {
  signIn(input: { username: string; password: string; source: string; requestId: string | null }): Promise<SignedIn>;
  /** @throws ApiFailure `not-signed-in`, or `password-change-required` for what has to wait until then */
  authenticate(token: string | undefined, operation: string): Promise<Person>;
  /** Whether a person is still signed in, with the rights that they had. */
  isStill(token: string | undefined, person: Person): Promise<boolean>;
  signOut(token: string): Promise<void>;
  changePassword(
    person: Person,
    token: string,
    passwords: { current: string; next: string },
    call: Actor & { source: string },
  ): Promise<Person>;
}

interface SignedIn {
  readonly token: string;
  readonly person: Person;
}

/** What a person with a one-time password may do. */
const BEFORE_PASSWORD_CHANGE = new Set(['getSession', 'signOut', 'changePassword']);

export function createIdentity(deps: {
  db: Database;
  passwords: Passwords;
  sessions: Sessions;
  throttle: Throttle;
  stateDir: string;
}): Identity {
  const { db, passwords, sessions, throttle } = deps;

  async function userNamed(name: string) {
    return db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  }

  async function refuse(actor: Actor, source: string, username: string, action: AuditAction): Promise<never> {
    await recordRefusal(db, actor, { action, subject: `user:${username}`, params: { source } });
    throw new ApiFailure('wrong-credentials', {});
  }

  return {
    async signIn({ username, password, source, requestId }) {
      await throttle.begin(source, username);
      const user = await userNamed(username);
      const actor = { name: username, requestId };
      if (!(await passwords.verify(password, user?.password_hash ?? null)) || user === undefined || user.disabled)
        return refuse(actor, source, username, 'session.begin');
      await throttle.forgive(source, username);
      const { token, expiresAt } = await sessions.begin(user.id);
      await transact(db, actor, async ({ tx, audit }) => {
        await tx.updateTable('users').set({ last_sign_in_at: new Date() }).where('id', '=', user.id).execute();
        audit({ action: 'session.begin', subject: `user:${username}`, params: { source } });
      });
      const { name, must_change_password: mustChangePassword } = user;
      const person = { ...principalOf(user), name, mustChangePassword, expiresAt };
      return { token, person };
    },
    async authenticate(token, operation) {
      const session = token === undefined ? undefined : await sessions.find(token);
      if (session === undefined) throw new ApiFailure('not-signed-in', {});
      if (session.mustChangePassword && !BEFORE_PASSWORD_CHANGE.has(operation))
        throw new ApiFailure('password-change-required', {});
      return session;
    },
    async isStill(token, person) {
      const now = token === undefined ? undefined : await sessions.find(token);
      return now !== undefined && now.duty === person.duty && isDeepStrictEqual(now.scope, person.scope);
    },
    signOut: (token) => sessions.end(token),
    async changePassword(person, token, { current, next }, call) {
      await throttle.begin(call.source, person.name);
      const user = await userNamed(person.name);
      if (!(await passwords.verify(current, user?.password_hash ?? null)))
        return refuse(call, call.source, person.name, 'password.change');
      await throttle.forgive(call.source, person.name);
      if (next === current) throw badField('next', { code: 'unchanged', params: {} });
      const hash = await passwords.hash(next);
      await transact(db, call, async ({ tx, audit }) => {
        const changed = { password_hash: hash, must_change_password: false };
        await tx.updateTable('users').set(changed).where('id', '=', person.id).execute();
        audit({ action: 'password.change', subject: `user:${person.name}` });
      });
      await sessions.endOthers(person.id, token);
      if (person.name === FIRST_ADMINISTRATOR) await forgetFirstPassword(deps.stateDir);
      return { ...person, mustChangePassword: false };
    },
  };
}

export function sessionOf(person: Person, rights: Rights): Session {
  const { id, name, mustChangePassword, duty, tenantId, scope, expiresAt } = person;
  const user = { id, name, mustChangePassword, duty, tenantId, scope };
  return { user, rights, expiresAt: expiresAt.toISOString() };
}
