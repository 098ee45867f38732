import { z } from 'zod';
import { AlertCode } from './alert.ts';
import { Sensitivity } from './detector-setting.ts';
import { Id, Instant } from './ids.ts';

/**
 * What is learnt of a VM hour by hour: bytes that it sends, machines that it speaks to, bytes that it sends to machines outside
 * of the cloud.
 */
export const BEHAVIOUR_MEASURES = ['sent', 'spoken-to', 'sent-outside'] as const;
export const BehaviourMeasure = z.enum(BEHAVIOUR_MEASURES);
export type BehaviourMeasure = z.infer<typeof BehaviourMeasure>;

export const HOURS_OF_WEEK = 168;

const Amount = z.number().min(0);

/** What an hour has at most while all is as it was, and from what on it is told of; null while that is being learnt. */
const Expectation = z.object({ usual: Amount.nullable(), alertsFrom: Amount.nullable() });

/** One hour of the week. */
export const BehaviourHour = Expectation.extend({
  /** When it last began; it comes again a week later. */
  at: Instant,
  /** What it had then, give or take a quarter; null of an hour before the VM was known. */
  seen: Amount.nullable(),
});
export type BehaviourHour = z.infer<typeof BehaviourHour>;

export const BehaviourOfMeasure = z.object({
  measure: BehaviourMeasure,
  /** The detector that judges it. */
  code: AlertCode,
  /** The hour that goes on. */
  now: Expectation.extend({ at: Instant, seen: Amount }),
  /** From the hour of the week that goes on, in order. What comes later is expected as if the hours up to then were what they were a week ago. */
  week: z.array(BehaviourHour).length(HOURS_OF_WEEK),
});
export type BehaviourOfMeasure = z.infer<typeof BehaviourOfMeasure>;

/** How far a detector is that has to know a VM before it judges it. */
export const Learning = z.object({
  code: AlertCode,
  /** Null where nothing was seen of the VM yet. */
  since: Instant.nullable(),
  /** From then on it judges. */
  until: Instant.nullable(),
  /** Of the time that it takes, from 0 to 1. */
  share: z.number().min(0).max(1),
});
export type Learning = z.infer<typeof Learning>;

/** A detector that tells sooner, later, or nothing. */
export const SetDetector = z.object({ code: AlertCode, sensitivity: Sensitivity.exclude(['normal']) });
export type SetDetector = z.infer<typeof SetDetector>;

/** What detectors hold of a VM as its baseline, beside what it does now. */
export const VmBehaviour = z.object({
  vmId: Id,
  /** For when it is said. */
  at: Instant,
  /** When detectors last took something in of the VM, or wrote down what they know; null where they know nothing. */
  seenAt: Instant.nullable(),
  measures: z.array(BehaviourOfMeasure),
  learning: z.array(Learning),
  /** Detectors that are set otherwise than usual for the VM. */
  set: z.array(SetDetector),
});
export type VmBehaviour = z.infer<typeof VmBehaviour>;
