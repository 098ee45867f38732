import { readFile } from 'node:fs/promises';
import { ApiError, api, type Client, createClient, type Endpoint } from '@hypervigil/contract';
import { ApiErrorBody, type Duty, type Id, type Scope } from '@hypervigil/model';
import type { RunningPlatform } from '../compose.ts';
import { SESSION_COOKIE } from '../http/app.ts';

type Reachable = Pick<RunningPlatform, 'httpUrl'>;

/** Somebody who signed in. Answers are checked against the contract: a field too few or of another type fails the test. */
export interface TestPerson {
  readonly client: Client;
  readonly cookie: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export const PASSWORD = 'correct horse battery staple';

/** Signs the first administrator in, changing the one-time password on the way. */
export async function signInFirst(
  platform: Pick<RunningPlatform, 'httpUrl' | 'firstPasswordFile'>,
): Promise<TestPerson> {
  const current = (await readFile(platform.firstPasswordFile, 'utf8')).trim();
  const cookie = await signIn(platform, 'admin', current);
  const person = personWith(platform, cookie);
  await person.client.changePassword({ body: { current, next: PASSWORD } });
  return person;
}

interface NewPerson {
  readonly name: string;
  readonly duty: Exclude<Duty, 'bootstrap'>;
  readonly tenantId?: Id;
  readonly scope?: Partial<Scope>;
}

/** Makes an account and signs its person in, with {@link PASSWORD}. */
export async function joinAs(platform: Reachable, by: TestPerson, body: NewPerson): Promise<TestPerson> {
  const { password } = await by.client.createAccount({ body });
  const person = personWith(platform, await signIn(platform, body.name, password));
  await person.client.changePassword({ body: { current: password, next: PASSWORD } });
  return person;
}

/** @returns the session's cookie */
export async function signIn(platform: Reachable, username: string, password: string): Promise<string> {
  const response = await fetch(`${platform.httpUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!response.ok) throw new ApiError(response.status, ApiErrorBody.parse(await response.json()));
  return response.headers.getSetCookie()[0]!.split(';')[0]!;
}

export function personWith(platform: Reachable, cookie = `${SESSION_COOKIE}=none`): TestPerson {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(platform.httpUrl + path, { ...init, headers: { ...(init.headers as Record<string, string>), cookie } });
  return {
    cookie,
    fetch: call,
    client: createClient(api, async (path, init) => {
      const response = await call(path, init);
      const endpoint = endpointOf(path, init.method ?? 'GET');
      if (response.ok && endpoint?.response !== undefined) endpoint.response.parse(await response.clone().json());
      return response;
    }),
  };
}

function endpointOf(url: string, method: string): Endpoint | undefined {
  const path = url.split('?')[0]!;
  return Object.values<Endpoint>(api).find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
}
