import { z } from 'zod';
import { Ip } from './address.ts';
import { AlertCode } from './alert.ts';
import { Id, Instant } from './ids.ts';

/**
 * What can be done about an alert: cut its VM off, put one of its peers into an address set that a rule denies, or ask those whose VM
 * it is.
 */
export const RESPONSE_ACTIONS = ['quarantine', 'block-peer', 'ask-tenant'] as const;
export const ResponseAction = z.enum(RESPONSE_ACTIONS);
export type ResponseAction = z.infer<typeof ResponseAction>;

/** Whether the tenant does it itself: it is nobody's attack then, though it may still be wrong. */
export const RESPONSE_ANSWERS = ['ours', 'not-ours', 'unknown'] as const;
export const ResponseAnswer = z.enum(RESPONSE_ANSWERS);
export type ResponseAnswer = z.infer<typeof ResponseAnswer>;

/**
 * `waiting`: for somebody's approval; then it is `declined`, or `lapsed` in time, or done. `overtaken`: somebody else ended what was
 * done, or what it was done to is gone. A question is `active` until it is `answered`.
 */
export const RESPONSE_STATES = ['waiting', 'active', 'answered', 'declined', 'lapsed', 'undone', 'overtaken'] as const;
export const ResponseState = z.enum(RESPONSE_STATES);
export type ResponseState = z.infer<typeof ResponseState>;

export type ResponseStep = 'approve' | 'decline' | 'answer' | 'undo';

/** Which step is allowed in which state: the server refuses by it, buttons explain by it. */
export const RESPONSE_STEPS = {
  approve: ['waiting'],
  decline: ['waiting'],
  answer: ['active'],
  undo: ['active'],
} as const satisfies Record<ResponseStep, readonly ResponseState[]>;

export const responseCan = (
  step: ResponseStep,
  { state, action }: { readonly state: ResponseState; readonly action: ResponseAction },
): boolean =>
  (RESPONSE_STEPS[step] as readonly ResponseState[]).includes(state) && (step !== 'answer' || action === 'ask-tenant');

/** So long a response lasts at most that ends by itself. */
export const MAX_RESPONSE_MINUTES = 30 * 24 * 60;

export const ResponseMinutes = z.int().min(1).max(MAX_RESPONSE_MINUTES);

export const ResponseReason = z.string().trim().min(1).max(500);

/** Something that was done about an alert, and what became of it. */
export const AlertResponse = z.object({
  id: Id,
  /** Null once the alert is forgotten. */
  alertId: Id.nullable(),
  code: AlertCode,
  vmId: Id,
  vmName: z.string(),
  tenantId: Id.nullable(),
  action: ResponseAction,
  /** Of a block: the address, and the set that it was put into; the set's id is null once it is deleted. */
  ip: Ip.nullable(),
  setId: Id.nullable(),
  setName: z.string().nullable(),
  state: ResponseState,
  /** Of a question, the question. */
  reason: z.string(),
  /** Who did it, or asked for it: a playbook is `playbook:NAME`. */
  doneBy: z.string(),
  playbookId: Id.nullable(),
  /** Who had last changed the playbook when it did this or asked for it: somebody else has to approve. */
  playbookBy: z.string().nullable(),
  /** Who approved or declined it. */
  decidedBy: z.string().nullable(),
  /** Of one that waits: when it lapses. */
  waitsUntil: Instant.nullable(),
  doneAt: Instant,
  /** It is undone by itself then; null: when somebody undoes it. */
  until: Instant.nullable(),
  endedAt: Instant.nullable(),
  endedBy: z.string().nullable(),
  /** Of a question that was answered, what the tenant says beside its answer. */
  endReason: z.string().nullable(),
  answer: ResponseAnswer.nullable(),
});
export type AlertResponse = z.infer<typeof AlertResponse>;
