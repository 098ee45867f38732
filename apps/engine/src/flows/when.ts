import type { Sample } from './sample.ts';

/** The switch exports a flow a second after it has seen it; what it dates further away was dated by a clock that jumped. */
const NEAR_MS = 60_000;

/**
 * The sample with its times on the platform's clock. Around a jump the switch tells of moments before it and after it,
 * and a time that fits neither is taken for now.
 * @param wallMs this host's clock
 * @param errorMs how far that is ahead of the platform's
 */
export function onPlatformTime(sample: Sample, wallMs: number, errorMs: number): Sample {
  const now = wallMs - errorMs;
  const endMs = near(sample.endMs, now, errorMs) ?? now;
  return { ...sample, startMs: Math.min(near(sample.startMs, now, errorMs) ?? endMs, endMs), endMs };
}

function near(ms: number, now: number, errorMs: number): number | undefined {
  if (Math.abs(ms - errorMs - now) < NEAR_MS) return ms - errorMs;
  return Math.abs(ms - now) < NEAR_MS ? ms : undefined;
}
