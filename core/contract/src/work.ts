import { Host, Id, Instant, Task, TaskState, Vm } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

export const tasks = defineEndpoints({
  listTasks: {
    method: 'GET',
    path: '/api/v1/tasks',
    summary: 'Tasks, newest first',
    caller: 'person',
    permission: 'task:read',
    query: ListQuery.extend({ state: TaskState.optional(), vmId: Id.optional(), hostId: Id.optional() }),
    response: listOf(Task),
  },
  getTask: {
    method: 'GET',
    path: '/api/v1/tasks/{id}',
    summary: 'One task',
    caller: 'person',
    permission: 'task:read',
    params: z.strictObject({ id: Id }),
    response: Task,
  },
});

export const AuditEntry = z.object({
  id: z.int(),
  at: Instant,
  actor: z.string(),
  action: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  subject: z.string(),
  params: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const audit = defineEndpoints({
  listAudit: {
    method: 'GET',
    path: '/api/v1/audit',
    summary: 'Who did what, newest first, refusals included',
    caller: 'person',
    permission: 'audit:read',
    query: ListQuery,
    response: listOf(AuditEntry),
  },
});

/** Something to do next, most useful first. The console has the words for each code. */
export const Advice = z.object({
  code: z.enum([
    'host-offline',
    'host-drift',
    'apply-failed',
    'unprotected-vnics',
    'address-conflict',
    'draft-unpublished',
    'newly-denied',
    'assertion-violated',
    'no-hosts',
    'health',
    'inventory-drift',
    'gateway-down',
    'gateway-image',
    'alerts-severe',
    'alerts-new',
    'notification-failing',
    'threat-set-old',
    'threat-set-empty',
    'limit-exceeded',
    'rule-limit-exceeded',
    'network-limit-exceeded',
  ]),
  severity: z.enum(['high', 'medium', 'low']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Advice = z.infer<typeof Advice>;

export const Overview = z.object({
  hosts: z.object({ total: z.int(), online: z.int() }),
  vms: z.object({ total: z.int(), running: z.int() }),
  vnics: z.object({ total: z.int(), enforced: z.int() }),
  tenants: z.int(),
  networks: z.int(),
  policy: z.object({ revision: z.int(), hostsEnforcing: z.int(), rules: z.int() }),
  lastHour: z.object({ allowed: z.int(), denied: z.int(), bytes: z.int() }),
  advice: z.array(Advice),
});
export type Overview = z.infer<typeof Overview>;

export const overview = defineEndpoints({
  getOverview: {
    method: 'GET',
    path: '/api/v1/overview',
    summary: 'Is anything wrong, how covered are we, what next',
    caller: 'person',
    permission: 'platform:watch',
    response: Overview,
  },
});

/**
 * What the event stream carries. `id:` of each server-sent event is its place in the log; a client that comes back
 * with `Last-Event-ID` gets what it missed, or `reset` when that is no longer kept.
 */
export const StreamEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host'), host: Host }),
  z.object({ kind: z.literal('host.removed'), id: Id }),
  z.object({ kind: z.literal('vm'), vm: Vm }),
  z.object({ kind: z.literal('vm.removed'), id: Id }),
  z.object({ kind: z.literal('task'), task: Task }),
  /** A list changed in a way that is cheaper to read again than to describe. */
  z.object({
    kind: z.literal('changed'),
    what: z.enum([
      'vms',
      'networks',
      'tenants',
      'groups',
      'address-sets',
      'schedules',
      'services',
      'policy',
      'flows',
      'overview',
      'enrolments',
      'host-firewall',
      'gateways',
      'limits',
      'mirrors',
      'exporters',
      'assertions',
      'observation',
      'accounts',
      'alerts',
      'notifications',
      'detectors',
      'playbooks',
      'flow-views',
    ]),
  }),
  z.object({ kind: z.literal('reset'), at: Instant }),
]);
export type StreamEvent = z.infer<typeof StreamEvent>;

export const events = defineEndpoints({
  streamEvents: {
    method: 'GET',
    path: '/api/v1/events',
    summary: 'Live changes as server-sent events',
    caller: 'person',
    permission: 'platform:watch',
    produces: 'text/event-stream',
  },
});
