import { z } from 'zod';
import { format, otherwise } from './format.ts';
import { Id, Instant, Name } from './ids.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const TimeOfDay = z.string().check(format('time-of-day', /^([01]\d|2[0-3]):[0-5]\d$/));
/** A day ends at 24:00. */
const EndOfWindow = z.string().check(format('time-of-day', /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/));
const CalendarDate = z
  .string()
  .check(format('date', /^\d{4}-\d{2}-\d{2}$/))
  .refine((text) => isDate(text), otherwise({ code: 'wrong-format', params: { format: 'date' } }));

/** On some days of the week, from a time of day to another; an end that is not after the beginning is on the next day. */
export const ScheduleWindow = z.strictObject({
  days: z.array(Weekday).min(1).max(7),
  from: TimeOfDay,
  to: EndOfWindow,
});
export type ScheduleWindow = z.infer<typeof ScheduleWindow>;

/** When something holds: while the clock on the wall of a place is within a window, on dates from one to another. */
export const Hours = z.object({
  /** A name of the IANA time zone database. */
  zone: z
    .string()
    .max(64)
    .refine(isZone, otherwise({ code: 'wrong-format', params: { format: 'time-zone' } })),
  windows: z.array(ScheduleWindow).min(1).max(50),
  /** The first and the last date on which it can hold, in the zone; null is no bound. */
  startsOn: CalendarDate.nullable().default(null),
  endsOn: CalendarDate.nullable().default(null),
});
export type Hours = z.infer<typeof Hours>;

/** Hours under a name, for rules to name. */
export const Schedule = Hours.extend({
  id: Id,
  name: Name,
  description: z.string().max(500),
  revision: z.int(),
  changedAt: Instant,
});
export type Schedule = z.infer<typeof Schedule>;

function isZone(name: string): boolean {
  // An offset (`+08:00`) is no place: it knows no change of its clocks.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
