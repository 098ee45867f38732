import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { SmtpError } from './errors.ts';
import { type Mail, mailOf } from './mail.ts';
import { type Reply, replyText } from './reply.ts';
import { createSession, type Session } from './session.ts';

export interface SmtpOptions {
  /** What we call ourselves (EHLO); a name, or an address in brackets. */
  readonly name: string;
  readonly security: 'starttls' | 'tls' | 'none';
  /** Of the server's certificate. */
  readonly tls: ConnectionOptions;
  readonly account: { readonly username: string; readonly password: string } | null;
}

/**
 * Hands a mail to a server (RFC 5321, RFC 3207, RFC 4954). A password goes over TLS, or where nobody asked for TLS.
 * @param socket connected; it is closed when this ends, however it ends
 * @returns what the server said when it took the mail; it is the server's from then on
 * @throws SmtpError, and errors of the socket and of TLS
 */
export async function sendMail(socket: Socket, mail: Mail, options: SmtpOptions): Promise<string> {
  const session = createSession(socket);
  try {
    if (options.security === 'tls') await session.secure(options.tls);
    const greeting = await session.next();
    if (greeting.code !== 220) throw new SmtpError('refused', replyText(greeting));
    let hello = await session.say(`EHLO ${options.name}`, 2);
    if (options.security === 'starttls') {
      if (!offers(hello, 'STARTTLS')) throw new SmtpError('no-starttls');
      await session.say('STARTTLS', 2);
      await session.secure(options.tls);
      hello = await session.say(`EHLO ${options.name}`, 2);
    }
    if (options.account !== null) await signIn(session, hello, options.account);
    await session.say(`MAIL FROM:<${mail.from}>`, 2);
    for (const to of mail.to) await session.say(`RCPT TO:<${to}>`, 2);
    await session.say('DATA', 3);
    const taken = await session.say(`${mailOf(mail)}.`, 2);
    return replyText(taken);
  } finally {
    session.end();
  }
}

async function signIn(session: Session, hello: Reply, account: NonNullable<SmtpOptions['account']>): Promise<void> {
  const { username, password } = account;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  if (offers(hello, 'AUTH', 'PLAIN')) await session.say(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, 2);
  else if (offers(hello, 'AUTH', 'LOGIN')) {
    await session.say('AUTH LOGIN', 3);
    await session.say(base64(username), 3);
    await session.say(base64(password), 2);
  } else throw new SmtpError('no-sign-in');
}

/** Whether a line of the answer to EHLO is this extension, with this parameter (RFC 5321, 4.1.1.1). */
function offers({ lines }: Reply, keyword: string, parameter?: string): boolean {
  return lines.slice(1).some((line) => {
    const [first, ...parameters] = line.toUpperCase().split(/[ =]+/);
    return first === keyword && (parameter === undefined || parameters.includes(parameter));
  });
}
