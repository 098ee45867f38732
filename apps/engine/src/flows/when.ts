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
  const near = (ms: number): number | undefined => [ms - errorMs, ms].find((time) => Math.abs(time - now) < NEAR_MS);
  const endMs = near(sample.endMs) ?? now;
  return { ...sample, startMs: Math.min(near(sample.startMs) ?? endMs, endMs), endMs };
}
