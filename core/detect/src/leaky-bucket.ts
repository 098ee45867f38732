import { z } from 'zod';

/** A level that every event raises and that falls as time goes by: it overflows only at a rate that lasts. */
export const LeakyBucket = z.object({ level: z.number().min(0), atMs: z.number().min(0) });
export type LeakyBucket = z.infer<typeof LeakyBucket>;

/**
 * Pours in at a time, out of which `perSecond` has leaked since the last (the meter of ITU-T I.371, A.1). Events that come out of
 * order find the level as it is.
 * @returns the level now
 */
export function pour(bucket: LeakyBucket, amount: number, atMs: number, perSecond: number): number {
  const seconds = Math.max(0, atMs - bucket.atMs) / 1000;
  bucket.level = Math.max(0, bucket.level - seconds * perSecond) + amount;
  bucket.atMs = Math.max(bucket.atMs, atMs);
  return bucket.level;
}
