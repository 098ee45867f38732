import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { connect, forget, save } from './connection.ts';
import { CliError } from './errors.ts';
import type { Messages } from './messages/en.ts';

/** Asks on the terminal without showing what is typed. Without a terminal the answer comes from the environment. */
async function secret(question: string, variable: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new CliError('no-terminal', { variable });
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await reader.question('');
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

/** Signs in and keeps the session; a one-time password is changed on the way. */
export async function login(
  flags: Readonly<Record<string, string>>,
  username: string,
  messages: Messages,
): Promise<string> {
  const connection = connect(flags);
  const password = await secret(messages.password, 'HV_PASSWORD');
  let session = await connection.client.signIn({ body: { username, password } });
  if (session.user.mustChangePassword) {
    process.stderr.write(`${messages.mustChange}\n`);
    const next = await secret(messages.newPassword, 'HV_NEW_PASSWORD');
    session = await connection.client.changePassword({ body: { current: password, next } });
  }
  const cookie = connection.cookie();
  if (cookie === undefined) throw new CliError('no-cookie', { url: connection.url });
  save({ url: connection.url, cookie, ...(connection.ca === undefined ? {} : { ca: connection.ca }) });
  return messages.signedIn(session.user.name, connection.url);
}

export async function logout(flags: Readonly<Record<string, string>>, messages: Messages): Promise<string> {
  await connect(flags).client.signOut();
  forget();
  return messages.signedOut;
}
