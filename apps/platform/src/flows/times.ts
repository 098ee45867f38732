import { badField } from '../errors.ts';

const HOUR_MS = 3_600_000;

/** Without times, the last hour. */
export function timesOf(from: string | undefined, to: string | undefined): { fromMs: number; toMs: number } {
  // What arrives while the question is asked belongs to it.
  const toMs = to === undefined ? Date.now() + 1_000 : Date.parse(to);
  const fromMs = from === undefined ? toMs - HOUR_MS : Date.parse(from);
  if (fromMs >= toMs) throw badField('to', { code: 'ends-before', params: {} });
  return { fromMs, toMs };
}
