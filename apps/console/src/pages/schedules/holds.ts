import type { ScheduleNow } from '@hypervigil/contract';

/** Whether a schedule holds by this clock: what the platform said of it, turned when the change that it foretold has come. */
export const holdsAt = ({ holds, nextChange }: ScheduleNow, now: number): boolean =>
  nextChange !== null && Date.parse(nextChange) <= now ? !holds : holds;
