import { type Hours, type ScheduleWindow, WEEKDAYS } from '@hypervigil/model';
import { getOrAdd } from './maps.ts';

const MINUTE = 60_000;
const DAY = 24 * 60;
/** Whoever waits for the next change looks so far ahead: a week of windows, and what a change of the clocks moves. */
const HORIZON_DAYS = 9;

/**
 * Whether hours hold at an instant. What counts is the clock on the wall: a window within an hour that the clocks skip does
 * not come on that day, and one within an hour that they repeat comes twice.
 */
export function holds({ zone, windows, startsOn, endsOn }: Hours, at: Date): boolean {
  const wall = wallClock(zone, at.getTime());
  const day = Math.floor(wall / DAY);
  if (startsOn !== null && day < dayOf(startsOn)) return false;
  if (endsOn !== null && day > dayOf(endsOn)) return false;
  const minute = wall - day * DAY;
  return windows.some((window) => {
    const { from, to } = spanOf(window);
    return (
      (isOn(window, day) && from <= minute && minute < to) ||
      (isOn(window, day - 1) && from <= minute + DAY && minute + DAY < to)
    );
  });
}

/** The next instant after `at` from which {@link holds} says otherwise; null when it never does. */
export function nextChange(hours: Hours, at: Date): Date | null {
  const now = holds(hours, at);
  // Where nothing changes for more than a week, only the first or the last date can bring a change.
  const dates = [hours.startsOn, hours.endsOn].flatMap((date) =>
    date === null ? [] : (dayOf(date) - 1) * DAY * MINUTE,
  );
  for (const start of [at.getTime(), ...dates.filter((date) => date > at.getTime())]) {
    const found = changeFrom(hours, now, start);
    if (found !== undefined) return new Date(found);
  }
  return null;
}

function changeFrom(hours: Hours, now: boolean, start: number): number | undefined {
  const boundaries = [0, ...hours.windows.flatMap((window) => Object.values(spanOf(window)).map((one) => one % DAY))];
  const end = start + HORIZON_DAYS * DAY * MINUTE;
  for (let at = start; at < end; ) {
    at = nextBoundary(hours.zone, boundaries, at);
    if (holds(hours, new Date(at)) !== now) return at;
  }
  return undefined;
}

/** The next instant at which the wall clock comes to one of some minutes of the day, or is set to another time. */
function nextBoundary(zone: string, boundaries: readonly number[], at: number): number {
  const minute = Math.floor(at / MINUTE);
  const wall = wallClock(zone, at);
  const waits = boundaries.map((boundary) => (((boundary - wall) % DAY) + DAY) % DAY || DAY);
  const next = minute + Math.min(...waits);
  const isSteady = (to: number) => wallClock(zone, to * MINUTE) - to === wall - minute;
  if (isSteady(next)) return next * MINUTE;
  let [before, after] = [minute, next];
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (isSteady(middle)) before = middle;
    else after = middle;
  }
  return after * MINUTE;
}

/** Made once for each zone: an Intl object takes longer to make than to use. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

/** What the wall clock shows, in minutes since the beginning of 1970 on that clock. */
function wallClock(zone: string, at: number): number {
  const clock = getOrAdd(
    CLOCKS,
    zone,
    () =>
      new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
      }),
  );
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE;
}

/** Days since the beginning of 1970. */
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / MINUTE / DAY;

/** 1 January 1970 was a Thursday. */
const isOn = ({ days }: ScheduleWindow, day: number): boolean => days.includes(WEEKDAYS[(((day + 3) % 7) + 7) % 7]!);

/** Minutes from the beginning of the window's day. */
function spanOf(window: ScheduleWindow): { from: number; to: number } {
  const [from, to] = [minutesOf(window.from), minutesOf(window.to)];
  return { from, to: to > from ? to : to + DAY };
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
