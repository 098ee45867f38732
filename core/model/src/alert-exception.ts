import { z } from 'zod';
import { Ip } from './address.ts';
import { AlertCode, MAX_ALERT_PEERS } from './alert.ts';
import { Id, Instant } from './ids.ts';

/** So long an exception lasts at most, and where nobody says how long. */
export const MAX_EXCEPTION_DAYS = 365;
export const EXCEPTION_DAYS = 30;

/** `same`: what the alert told of, with the same other ends. `any`: everything that the detector would tell of the VM. */
export const ExceptionExtent = z.enum(['same', 'any']);
export type ExceptionExtent = z.infer<typeof ExceptionExtent>;

/** A behaviour of a VM that somebody expects: until it ends, no alert is raised for it, and what would have been one is counted. */
export const AlertException = z.object({
  id: Id,
  /** The alert that was closed as expected; null once that is forgotten. */
  alertId: Id.nullable(),
  code: AlertCode,
  vmId: Id,
  vmName: z.string(),
  tenantId: Id.nullable(),
  extent: ExceptionExtent,
  /** Other ends that it is for, where it is not for any. */
  peers: z.array(Ip).max(MAX_ALERT_PEERS),
  /** Who expects it, and why. */
  owner: z.string(),
  reason: z.string().max(4000),
  createdAt: Instant,
  /** From then on it swallows nothing. */
  expiresAt: Instant,
  /** How often it kept an alert from being raised or counted up, and when it last did. */
  swallowed: z.int().min(0),
  swallowedAt: Instant.nullable(),
});
export type AlertException = z.infer<typeof AlertException>;

/** What became of the alerts that a detector raised, as far as they are kept. */
export const DetectorRecord = z.object({
  code: AlertCode,
  /** Of MITRE ATT&CK. */
  technique: z.string().max(16),
  open: z.int().min(0),
  true: z.int().min(0),
  false: z.int().min(0),
  expected: z.int().min(0),
  /** Exceptions that have not ended, and how often they swallowed something. */
  exceptions: z.int().min(0),
  swallowed: z.int().min(0),
});
export type DetectorRecord = z.infer<typeof DetectorRecord>;
