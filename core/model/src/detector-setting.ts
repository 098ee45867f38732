import { z } from 'zod';
import { ALERT_CODES, AlertCode } from './alert.ts';
import { Id, Instant } from './ids.ts';

/** How soon a detector tells: `off` is never, what it would have told is counted; `high` is with half of what it usually asks for. */
export const SENSITIVITIES = ['off', 'low', 'normal', 'high'] as const;
export const Sensitivity = z.enum(SENSITIVITIES);
export type Sensitivity = z.infer<typeof Sensitivity>;

/** These find what they find: there is no more or less of it. */
const EXACT: ReadonlySet<AlertCode> = new Set([
  ...(['known-attack', 'mining', 'anonymiser', 'clear-text-password'] as const),
  ...(['threat-called', 'threat-caller', 'lateral-movement', 'policy-bypass'] as const),
]);

/** Whether there is a measure of evidence that a detector asks for. */
export const isGraded = (code: AlertCode): boolean => !EXACT.has(code);

/** How sensitive detectors are for VMs, who wants it so and why. It is the provider's. */
export const DetectorSetting = z.object({
  id: Id,
  /** For the VMs that are in it; null is for all that no setting of a group is for. */
  groupId: Id.nullable(),
  groupName: z.string().nullable(),
  codes: z.array(AlertCode).min(1).max(ALERT_CODES.length),
  sensitivity: Sensitivity,
  reason: z.string().trim().min(1).max(500),
  /** From then on it is as if it were not there; null is never. */
  expiresAt: Instant.nullable(),
  /** How often it kept an alert from being raised or counted up, and when it last did. */
  swallowed: z.int().min(0),
  swallowedAt: Instant.nullable(),
  revision: z.int(),
  changedAt: Instant,
  changedBy: z.string(),
});
export type DetectorSetting = z.infer<typeof DetectorSetting>;
/** What people write of one. */
export type DetectorSettingInput = Pick<DetectorSetting, 'groupId' | 'codes' | 'sensitivity' | 'reason' | 'expiresAt'>;

/** Settings are looked at for every VM. */
export const MAX_DETECTOR_SETTINGS = 200;
