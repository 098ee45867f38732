import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import type { NotificationSecrets, NotificationTarget, Severity } from '@hypervigil/model';
import {
  chatAccepts,
  chatRequest,
  eventName,
  type Hmac,
  isAlert,
  type Message,
  payloadOf,
  signatureOf,
  textOf,
} from '@hypervigil/notify';
import type { Block } from '@hypervigil/policy';
import { type Mail, sendMail } from '@hypervigil/smtp';
import { type SyslogMessage, sendSyslog } from '@hypervigil/syslog';
import { connectOutward } from '../outward/connect.ts';
import { VERSION } from '../version.ts';
import { post } from './post.ts';

/** Where a message goes, and what only the destination may know. */
export interface Destination {
  readonly target: NotificationTarget;
  readonly secrets: NotificationSecrets;
  readonly language: 'en' | 'zh-CN';
  /** Special addresses that the operator allows to whoever made the route. */
  readonly allowed: readonly Block[];
}

type Kinds = { [K in NotificationTarget['kind']]: Extract<NotificationTarget, { kind: K }> };
type Send<T> = (
  message: Message,
  destination: Destination & { target: T },
  signal: AbortSignal,
) => Promise<string | null>;

const hmac: Hmac = (key, text, encoding) => createHmac('sha256', key).update(text).digest(encoding);
const languageOf = ({ language }: Destination) => (language === 'zh-CN' ? 'zh' : 'en');

/** RFC 5424, table 2: what is not an alert is a notice. */
const SYSLOG_SEVERITY: Readonly<Record<Severity, SyslogMessage['severity']>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
};

const chat: Send<Kinds['dingtalk' | 'feishu' | 'wecom' | 'slack']> = (message, destination, signal) => {
  const { target, secrets, allowed } = destination;
  const { url, body } = chatRequest(target.kind, textOf(languageOf(destination), message), {
    ...{ url: secrets.url!, key: secrets.key, hmac, nowMs: Date.now() },
  });
  const headers = { 'content-type': 'application/json' };
  const accepts = (answer: string) => chatAccepts(target.kind, answer);
  return post(url, { headers, body: JSON.stringify(body), accepts, allowed, signal });
};

const SEND: { readonly [K in keyof Kinds]: Send<Kinds[K]> } = {
  async email(message, destination, signal) {
    const { target, secrets, allowed } = destination;
    const { host, security, username, from, to, ca } = target;
    const { title, lines, link, open } = textOf(languageOf(destination), message);
    const text = [...lines, '', `${open}: ${link}`, ''].join('\n');
    const id = `${message.id}@${from.slice(from.lastIndexOf('@') + 1)}`;
    const mail: Mail = { id, from, to, subject: title, text, at: new Date(message.at) };
    const socket = await connectOutward(target, { allowed, signal });
    const account = username === null ? null : { username, password: secrets.password ?? '' };
    return sendMail(socket, mail, { name: ourName(), security, tls: tlsOf(host, ca), account });
  },
  webhook(message, { target, secrets, allowed }, signal) {
    const { type, text: body } = payloadOf(target.format, message, VERSION);
    const headers = {
      'content-type': type,
      'idempotency-key': message.id,
      'hypervigil-event': eventName(message),
      'hypervigil-signature': signatureOf(hmac, secrets.key!, Math.floor(Date.now() / 1000), body),
    };
    return post(secrets.url!, { headers, body, accepts: () => true, allowed, ca: target.ca ?? undefined, signal });
  },
  async syslog(message, { target, allowed }, signal) {
    const frame: SyslogMessage = {
      severity: isAlert(message) ? SYSLOG_SEVERITY[message.alert.severity] : 5,
      ...{ at: new Date(message.at), host: ourName(), app: 'hypervigil', type: message.event },
      text: payloadOf(target.format, message, VERSION).text,
    };
    const socket = await connectOutward(target, { allowed, signal });
    await sendSyslog(socket, frame, target.security === 'tls' ? tlsOf(target.host, target.ca) : null);
    return null;
  },
  dingtalk: chat,
  feishu: chat,
  wecom: chat,
  slack: chat,
};

/**
 * Hands a message to its destination.
 * @returns what the other side said, where it says anything
 * @throws DeliveryFailure, ForbiddenAddress, SmtpError, and errors of the socket and of TLS
 */
export const send: Send<NotificationTarget> = (message, destination, signal) =>
  (SEND[destination.target.kind] as Send<NotificationTarget>)(message, destination, signal);

/** Whom it was meant for, as reasons of failures name it. */
export const receiverHost = ({ target, secrets }: Pick<Destination, 'target' | 'secrets'>): string =>
  'host' in target ? target.host : new URL(secrets.url!).hostname;

const tlsOf = (host: string, ca: string | null) => ({
  // Names alone are announced (RFC 6066, 3); a certificate is compared with either.
  ...{ host, servername: /^[\d.]+$|:/.test(host) ? '' : host },
  ...(ca === null ? {} : { ca }),
});

/** As RFC 5321 (4.1.1.1) and RFC 5424 (6.2.4) want it: without what no DNS name has. */
const ourName = (): string => hostname().replace(/[^A-Za-z0-9.-]/g, '') || 'localhost';
