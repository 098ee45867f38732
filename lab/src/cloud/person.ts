import { randomBytes } from 'node:crypto';
import { ApiError, api, type Client, createClient } from '@hypervigil/contract';

type Account = NonNullable<Parameters<Client['createAccount']>[0]>['body'];

/** Somebody who signed in with a password, as any other person does. */
export interface Person {
  readonly client: Client;
  /** The account signs in no more. */
  readonly dismiss: () => Promise<void>;
}

/** @param url of the platform's own HTTP listener; @param admin whoever may make accounts */
export async function person(
  url: string,
  admin: Client,
  { duty, tenantId = null }: Pick<Account, 'duty' | 'tenantId'>,
): Promise<Person> {
  const username = `attacker ${randomBytes(4).toString('hex')}`;
  const account = await admin.createAccount({ body: { name: username, duty, tenantId } });
  let cookie = '';
  const client = createClient(api, async (path, init) => {
    const response = await fetch(url + path, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie },
    });
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return response;
  });
  await client.signIn({ body: { username, password: account.password } });
  await client.changePassword({ body: { current: account.password, next: randomBytes(16).toString('hex') } });
  return {
    client,
    dismiss: async () => void (await admin.updateAccount({ params: { id: account.id }, body: { disabled: true } })),
  };
}

/** What a call was answered: the code of its refusal, or `accepted`. */
export async function answerTo(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return ACCEPTED;
  } catch (error) {
    if (error instanceof ApiError) return error.body.code;
    throw error;
  }
}

export const ACCEPTED = 'accepted';
