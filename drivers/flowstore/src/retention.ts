/** How long a batch's id is remembered: the longest that an engine's spool keeps one it could not deliver. */
export const BATCH_MEMORY_MS = 7 * 24 * 3_600_000;

export interface RetentionLimits {
  readonly nowMs: number;
  readonly maxAgeMs?: number;
  readonly maxBytes?: number;
}
