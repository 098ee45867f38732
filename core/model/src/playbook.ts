import { z } from 'zod';
import { AlertCode } from './alert.ts';
import { AlertMatch } from './alert-match.ts';
import { Id, Instant, Name } from './ids.ts';
import { ResponseAction, ResponseMinutes } from './response.ts';

/** Responds by itself to alerts that fit, within limits. It is the provider's. */
export const Playbook = z.object({
  id: Id,
  name: Name,
  description: z.string().max(500),
  /** Alerts that are raised, or become worse, from then on. */
  enabled: z.boolean(),
  match: AlertMatch,
  action: ResponseAction,
  /** Of a block: where the address goes to. Null once that set is deleted: then nothing is blocked. */
  addressSetId: Id.nullable(),
  /** After so many it is undone by itself; null is never. */
  minutes: ResponseMinutes.nullable(),
  /** So often in any hour, at all and for one VM. What is more is held: people have to look. */
  perHour: z.int().min(1).max(100),
  perVmHour: z.int().min(1).max(100),
  /** Somebody has to approve it within so many; null: nobody is asked. */
  approvalMinutes: ResponseMinutes.nullable(),
  revision: z.int(),
  changedAt: Instant,
  changedBy: z.string(),
});
export type Playbook = z.infer<typeof Playbook>;
/** What people write of one. */
export type PlaybookInput = Omit<Playbook, 'id' | 'revision' | 'changedAt' | 'changedBy'>;

/**
 * What a playbook made of an alert. `held`: it had reached its limit, or was switched off by then. `refused`: it could not be done,
 * which the problem says.
 */
export const PLAYBOOK_OUTCOMES = ['acted', 'asked', 'held', 'refused'] as const;
export const PlaybookOutcome = z.enum(PLAYBOOK_OUTCOMES);
export type PlaybookOutcome = z.infer<typeof PlaybookOutcome>;

export const PlaybookRun = z.object({
  alertId: Id,
  code: AlertCode,
  vmId: Id,
  vmName: z.string(),
  at: Instant,
  outcome: PlaybookOutcome,
  /** The code of the error, of what was refused. */
  problem: z.string().nullable(),
});
export type PlaybookRun = z.infer<typeof PlaybookRun>;
