import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../state/database.ts';
import { lock, PLATFORM, transact } from '../state/work.ts';
import { oneTimePassword, type Passwords } from './passwords.ts';

export const FIRST_ADMINISTRATOR = 'admin';

export const firstPasswordFile = (stateDir: string) => join(stateDir, 'first-password');

/**
 * On an empty database: the administrator, with a password that works once. It is in a file that only its owner reads,
 * and nowhere else. The file is written before the account is, so that a crash in between leaves no unknown password.
 */
export async function ensureFirstAdministrator(db: Database, passwords: Passwords, stateDir: string): Promise<boolean> {
  return transact(db, PLATFORM, async ({ tx, audit }) => {
    await lock(tx, 'bootstrap');
    if ((await tx.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined) return false;
    const password = oneTimePassword();
    const file = firstPasswordFile(stateDir);
    await rm(file, { force: true });
    await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
    await tx
      .insertInto('users')
      .values({
        id: randomUUID(),
        name: FIRST_ADMINISTRATOR,
        password_hash: await passwords.hash(password),
        must_change_password: true,
        duty: 'bootstrap',
      })
      .execute();
    audit({ action: 'user.created', subject: `user:${FIRST_ADMINISTRATOR}` });
    return true;
  });
}

/** Once it was used, the file has nothing to say. */
export async function forgetFirstPassword(stateDir: string): Promise<void> {
  await rm(firstPasswordFile(stateDir), { force: true });
}
