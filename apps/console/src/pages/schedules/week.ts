import { type ScheduleWindow, WEEKDAYS, type Weekday } from '@hypervigil/model';

/** A stretch of one day, in hours from its beginning. */
export interface Stretch {
  readonly day: Weekday;
  readonly from: number;
  readonly to: number;
}

/** Windows as stretches of days: what goes on past midnight is one of the next day too. */
export function stretchesOf(windows: readonly ScheduleWindow[]): Stretch[] {
  return windows.flatMap(({ days, from, to }) => {
    const [begin, end] = [hoursOf(from), hoursOf(to)];
    return days.flatMap((day): Stretch[] => {
      if (end > begin) return [{ day, from: begin, to: end }];
      const next = WEEKDAYS[(WEEKDAYS.indexOf(day) + 1) % 7]!;
      const rest: Stretch = { day: next, from: 0, to: end };
      return [{ day, from: begin, to: 24 }, ...(end > 0 ? [rest] : [])];
    });
  });
}

function hoursOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours + minutes / 60;
}
