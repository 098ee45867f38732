import { z } from 'zod';
import { Instant } from './ids.ts';

/** Of one flow, at most; who has said so much of it has said enough. */
export const MAX_SIGNATURES = 16;

/** What an intrusion detection system (Suricata) has seen in a flow: one of its rules, or that a protocol is not spoken as it should be. */
export const Signature = z.object({
  /** The rule's `sid`; 0 for an anomaly, which has no rule. */
  id: z.int().min(0).max(0xffff_ffff),
  revision: z.int().min(0).max(0xffff_ffff),
  message: z.string().max(255),
  category: z.string().max(255),
  /** 1 is the worst. */
  severity: z.int().min(1).max(255),
  /** The protocol that it was seen in, in Suricata's word for it. */
  application: z.string().max(64).nullable(),
  /** For the first time. */
  at: Instant,
});
export type Signature = z.infer<typeof Signature>;
