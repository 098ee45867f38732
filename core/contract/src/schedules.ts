import { Id, Schedule } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';
import { NO_DESCRIPTION } from './new-object.ts';

const params = z.strictObject({ id: Id });
const fields = Schedule.omit({ id: true, revision: true, changedAt: true }).strict();

/** A schedule, whether it holds now, and when that changes. */
export const ScheduleNow = Schedule.extend({ holds: z.boolean(), nextChange: z.iso.datetime().nullable() });
export type ScheduleNow = z.infer<typeof ScheduleNow>;

export const schedules = defineEndpoints({
  listSchedules: {
    method: 'GET',
    path: '/api/v1/schedules',
    summary: 'Schedules: hours of a place under a name, for rules to name',
    caller: 'person',
    permission: 'catalogue:read',
    query: ListQuery,
    response: listOf(ScheduleNow),
  },
  getSchedule: {
    method: 'GET',
    path: '/api/v1/schedules/{id}',
    summary: 'One schedule',
    caller: 'person',
    permission: 'catalogue:read',
    params,
    response: ScheduleNow,
  },
  createSchedule: {
    method: 'POST',
    path: '/api/v1/schedules',
    summary: 'Create a schedule',
    caller: 'person',
    permission: 'catalogue:write',
    body: fields.extend(NO_DESCRIPTION),
    response: ScheduleNow,
    status: 201,
  },
  updateSchedule: {
    method: 'PUT',
    path: '/api/v1/schedules/{id}',
    summary: 'Change a schedule; it takes effect at once',
    caller: 'person',
    permission: 'catalogue:write',
    params,
    body: fields.extend({ revision: z.int().min(0) }),
    response: ScheduleNow,
  },
  deleteSchedule: {
    method: 'DELETE',
    path: '/api/v1/schedules/{id}',
    summary: 'Delete a schedule that no rule names',
    caller: 'person',
    permission: 'catalogue:write',
    params,
    status: 204,
  },
});
