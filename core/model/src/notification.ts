import { z } from 'zod';
import { AlertMatch } from './alert-match.ts';
import { DeliveryProblem, NOTIFIED_EVENTS, NotifiedEvent } from './delivery.ts';
import { format } from './format.ts';
import { Id, Instant, Name } from './ids.ts';

/** In which language a route speaks. */
export const NotificationLanguage = z.enum(['en', 'zh-CN']);
export type NotificationLanguage = z.infer<typeof NotificationLanguage>;

/** How an alert is written for a program: our own JSON, ArcSight's Common Event Format, or OCSF 1.3.0 (Detection Finding). */
export const PAYLOAD_FORMATS = ['json', 'cef', 'ocsf'] as const;
export const PayloadFormat = z.enum(PAYLOAD_FORMATS);
export type PayloadFormat = z.infer<typeof PayloadFormat>;

/** A DNS name (RFC 1123, 2.1) or an address. */
const Server = z
  .string()
  .trim()
  .max(253)
  .check(format('server', /^(?:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|(?:(?!-)[A-Za-z0-9-]{1,63}(?<!-)\.?)+)$/));
const Port = z.int().min(1).max(65_535);
/** Local part and domain without quotes and comments (RFC 5321, 4.1.2): nothing in it ends a line or a command. */
const Mailbox = z
  .string()
  .trim()
  .max(254)
  .check(format('mailbox', /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+$/));
/** Certificates (PEM) that a server's must lead to; null are those that Node.js trusts. */
const Ca = z.string().trim().max(50_000).startsWith('-----BEGIN CERTIFICATE-----').nullable().default(null);

/** Where a route's messages go. What is secret of it is not here: {@link NotificationSecrets}. */
export const NotificationTarget = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    host: Server,
    port: Port.default(587),
    /** `starttls` and `tls` from the first byte; without either only where somebody chose so. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    ca: Ca,
    username: z.string().min(1).max(254).nullable().default(null),
    from: Mailbox,
    to: z.array(Mailbox).min(1).max(50),
  }),
  z.strictObject({ kind: z.literal('webhook'), format: PayloadFormat.default('json'), ca: Ca }),
  z.strictObject({
    kind: z.literal('syslog'),
    host: Server,
    port: Port.default(6514),
    /** RFC 5425, or the same over plain TCP (RFC 6587, octet counting). */
    security: z.enum(['tls', 'none']).default('tls'),
    ca: Ca,
    format: PayloadFormat.default('json'),
  }),
  z.strictObject({ kind: z.literal('dingtalk') }),
  z.strictObject({ kind: z.literal('feishu') }),
  z.strictObject({ kind: z.literal('wecom') }),
  z.strictObject({ kind: z.literal('slack') }),
]);
export type NotificationTarget = z.infer<typeof NotificationTarget>;
export type NotificationKind = NotificationTarget['kind'];
export const NOTIFICATION_KINDS = NotificationTarget.options.map(({ shape }) => shape.kind.value) as NotificationKind[];

/** What only the destination may know. It is written and never read again. An address is one: chats put a token into it. */
export const NotificationSecrets = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  /** What messages are signed with. */
  key: z.string().min(8).max(500).optional(),
  password: z.string().min(1).max(500).optional(),
});
export type NotificationSecrets = z.infer<typeof NotificationSecrets>;
export const SECRET_NAMES = ['url', 'key', 'password'] as const;
export const SecretName = z.enum(SECRET_NAMES);
export type SecretName = z.infer<typeof SecretName>;

/** Which secrets a kind of destination has, and whether it takes them. */
export const TARGET_SECRETS = {
  email: { password: 'if-username' },
  webhook: { url: 'always', key: 'always' },
  syslog: {},
  dingtalk: { url: 'always', key: 'may' },
  feishu: { url: 'always', key: 'may' },
  wecom: { url: 'always' },
  slack: { url: 'always' },
} as const satisfies Record<NotificationKind, { readonly [S in SecretName]?: 'always' | 'if-username' | 'may' }>;

/** Which alerts a route tells, and when. */
export const NotificationMatch = AlertMatch.extend({
  events: z
    .array(NotifiedEvent)
    .min(1)
    .max(NOTIFIED_EVENTS.length)
    .default(['raised', 'worsened', 'asked', 'answered']),
});
export type NotificationMatch = z.infer<typeof NotificationMatch>;

/** How many messages of an hour a destination gets at most; what is more is counted in a digest. */
const PerHour = z.int().min(1).max(10_000);

/** Which alerts are told to whom. */
export const NotificationRoute = z.object({
  id: Id,
  name: Name,
  description: z.string().max(500),
  /** Whose route it is; null is the provider's. It never changes. */
  tenantId: Id.nullable(),
  enabled: z.boolean(),
  language: NotificationLanguage,
  match: NotificationMatch,
  perHour: PerHour,
  target: NotificationTarget,
  /** Where messages go, without what is secret: the server, or the host of an address. */
  place: z.string(),
  /** The secrets that it has. */
  secretsSet: z.array(SecretName),
  state: z.object({
    /** Messages that wait to be sent, and those that the limit held back and no digest has counted. */
    waiting: z.int(),
    held: z.int(),
    lastSentAt: Instant.nullable(),
    /** Since when nothing arrives, and why the last try failed; null while messages arrive. */
    failingSince: Instant.nullable(),
    failures: z.int(),
    problem: DeliveryProblem.nullable(),
    /** Not before this the destination is tried again. */
    retryAt: Instant.nullable(),
  }),
  revision: z.int(),
  changedAt: Instant,
});
export type NotificationRoute = z.infer<typeof NotificationRoute>;

/** Routes that a tenant, or the provider, may have. */
export const MAX_ROUTES = 50;
