import { z } from 'zod';
import { Id, Instant, Name, Num } from './ids.ts';

/** Larger than what switch and guest hand on at once (64 KiB with segmentation offload): a smaller bucket passes nothing. */
const SMALLEST_BURST_KBIT = 600;

/** So many kilobits (1,000 bits) a second, and so many at once; null is a fifth of a second, and 2,000 at least. */
export const Bandwidth = z.strictObject({
  kbps: z.int().min(64).max(400_000_000),
  burstKbit: z.int().min(SMALLEST_BURST_KBIT).max(400_000_000).nullable().default(null),
});
export type Bandwidth = z.infer<typeof Bandwidth>;

/** So many connections that begin in a second, and so many at once; null is those of one second. */
export const ConnectionRate = z.strictObject({
  perSecond: z.int().min(1).max(1_000_000),
  burst: z.int().min(1).max(1_000_000).nullable().default(null),
});
export type ConnectionRate = z.infer<typeof ConnectionRate>;

/** What a vNIC may have at most; null is as much as it can. Out is what it sends, and what it begins. */
export const LimitValues = z.object({
  bandwidthOut: Bandwidth.nullable().default(null),
  bandwidthIn: Bandwidth.nullable().default(null),
  newOut: ConnectionRate.nullable().default(null),
  newIn: ConnectionRate.nullable().default(null),
  /** Connections at the same time, begun by it or by others. */
  open: z.int().min(10).max(1_000_000).nullable().default(null),
});
export type LimitValues = z.infer<typeof LimitValues>;

export const LIMIT_KINDS = ['bandwidthOut', 'bandwidthIn', 'newOut', 'newIn', 'open'] as const;
export const LimitKind = z.enum(LIMIT_KINDS);
export type LimitKind = z.infer<typeof LimitKind>;

/**
 * Limits of each vNIC of the named VMs and in the named groups; of every vNIC when neither is named. Each vNIC has a limit
 * for itself: it shares none with others.
 */
export const Limit = z.object({
  id: Id,
  num: Num,
  name: Name,
  description: z.string().max(500),
  vmIds: z.array(Id).max(1000),
  groupIds: z.array(Id).max(100),
  ...LimitValues.shape,
  revision: z.int(),
  changedAt: Instant,
});
export type Limit = z.infer<typeof Limit>;

/** A limit as hosts have it. */
export const IntentLimit = z.object({
  num: Num,
  vmIds: z.array(Id),
  /** Set numbers of its groups; null is every vNIC, an empty list no group. */
  sets: z.array(Num).nullable(),
  ...LimitValues.shape,
});
export type IntentLimit = z.infer<typeof IntentLimit>;

const Count = z.int().min(0);

/** What a limit has taken from a vNIC on a host since the host began to count. */
export const LimitReading = z.object({
  /** Of the vNIC. */
  num: Num,
  kind: LimitKind,
  droppedPackets: Count,
  droppedBytes: Count,
});
export type LimitReading = z.infer<typeof LimitReading>;
