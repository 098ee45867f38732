import { z } from 'zod';
import { AlertCode, Severity } from './alert.ts';
import { Id, Instant, Name } from './ids.ts';

/** What becomes of an alert that people and systems are told. `asked`: its tenant is asked about it, who alone is told; `answered`: it
 * has answered, which the provider is told. */
export const NOTIFIED_EVENTS = ['raised', 'worsened', 'asked', 'answered', 'closed'] as const;
export const NotifiedEvent = z.enum(NOTIFIED_EVENTS);
export type NotifiedEvent = z.infer<typeof NotifiedEvent>;

/** Why a message did not arrive. */
export const DELIVERY_PROBLEMS = [
  'forbidden-address', // the name leads to loopback, to a private network or the like: {host} {address}
  'unresolved', // {host}
  'unreachable', // {host} {reason}
  'timeout', // {seconds}
  'bad-certificate', // {host} {reason}
  'bad-status', // {status} {answer}
  'refused', // it was understood and not taken: {answer}
  'no-starttls', // the mail server has no STARTTLS
  'no-sign-in', // the mail server has no way to sign in that we know
  'not-understood', // what answers speaks another protocol: {answer}
  'unreadable-secrets', // they were sealed with another key
] as const;
export const DeliveryProblem = z.object({
  code: z.enum(DELIVERY_PROBLEMS),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type DeliveryProblem = z.infer<typeof DeliveryProblem>;

/** `held`: the limit of its destination; it is in a digest, or will be. */
export const DELIVERY_STATES = ['waiting', 'sent', 'held', 'failed'] as const;
export const DeliveryState = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** One message of a route, and what became of it. */
export const NotificationDelivery = z.object({
  /** The same at every try, and told to the destination: by it a message that came twice is known. */
  id: Id,
  routeId: Id,
  routeName: Name,
  /** `digest`: what the limit held back. */
  event: z.enum([...NOTIFIED_EVENTS, 'digest']),
  /** Null of a digest. */
  alertId: Id.nullable(),
  code: AlertCode.nullable(),
  severity: Severity.nullable(),
  vmName: z.string().nullable(),
  /** Alerts that a digest counts. */
  count: z.int().min(1),
  state: DeliveryState,
  attempts: z.int(),
  createdAt: Instant,
  /** When it arrived, or was given up. */
  finishedAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  problem: DeliveryProblem.nullable(),
  /** What the other side said, at the last try. */
  answer: z.string().max(1000).nullable(),
});
export type NotificationDelivery = z.infer<typeof NotificationDelivery>;

/** What came of a test. */
export const NotificationTest = z.object({
  ok: z.boolean(),
  milliseconds: z.int(),
  problem: DeliveryProblem.nullable(),
  answer: z.string().max(1000).nullable(),
});
export type NotificationTest = z.infer<typeof NotificationTest>;
