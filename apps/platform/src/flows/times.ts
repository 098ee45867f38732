import type { TimeBounds } from '@hypervigil/model';
import { badField } from '../errors.ts';

const HOUR_MS = 3_600_000;
const UNBOUNDED: TimeBounds = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/**
 * The time that is asked about, `toMs` not included. Without times, the last hour.
 * @param within what a filter says of the time: it narrows times that are given, and stands for those that are not
 */
export function timesOf(
  from: string | undefined,
  to: string | undefined,
  within = UNBOUNDED,
): { fromMs: number; toMs: number } {
  // What arrives while the question is asked belongs to it.
  const latest = to === undefined ? Date.now() + 1_000 : Date.parse(to);
  const toMs = Math.min(latest, within.toMs + 1);
  const bounded = Number.isFinite(within.fromMs);
  const earliest = from === undefined ? (bounded ? within.fromMs : toMs - HOUR_MS) : Date.parse(from);
  if (earliest >= latest) throw badField('to', { code: 'ends-before', params: {} });
  const fromMs = Math.max(earliest, within.fromMs);
  if (fromMs >= toMs) throw badField('filter', { code: 'ends-before', params: {} });
  return { fromMs, toMs };
}
