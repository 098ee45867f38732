import {
  AlertCode,
  AlertState,
  Id,
  Incident,
  IncidentGraph,
  IncidentMember,
  IncidentMoment,
  MAX_INCIDENT_ALERTS,
  Severity,
} from '@hypervigil/model';
import { z } from 'zod';
import { Assigning, Closing } from './alerts.ts';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });

/** An incident with its alerts, why each is in it, who did what to whom, and what happened, the oldest first. */
export const IncidentDetail = Incident.extend({
  members: z.array(IncidentMember),
  graph: IncidentGraph,
  timeline: z.array(IncidentMoment),
});
export type IncidentDetail = z.infer<typeof IncidentDetail>;

/** Alerts come together by themselves; a tenant sees of an incident the alerts about its own VMs, and nothing that follows from others. */
export const incidents = defineEndpoints({
  listIncidents: {
    method: 'GET',
    path: '/api/v1/incidents',
    summary: 'Alerts that belong together, newest first',
    caller: 'person',
    permission: 'alert:read',
    query: ListQuery.extend({
      state: AlertState.optional(),
      severity: Severity.optional(),
      /** With an alert of this kind, about this VM. */
      code: AlertCode.optional(),
      vmId: Id.optional(),
    }),
    response: listOf(Incident),
  },
  getIncident: {
    method: 'GET',
    path: '/api/v1/incidents/{id}',
    summary:
      'One incident with its alerts, its timeline and its graph; of one that was merged, what it has become part of',
    caller: 'person',
    permission: 'alert:read',
    params,
    response: IncidentDetail,
  },
  closeIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{id}/close',
    summary: 'Close all of its open alerts, with one resolution and comment',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: Closing,
    response: IncidentDetail,
  },
  assignIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{id}/assign',
    summary: 'Give its open alerts to an account by its name; null takes them from whoever has them',
    caller: 'person',
    permission: 'alert:write',
    params,
    body: Assigning,
    response: IncidentDetail,
  },
  mergeIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{id}/merge',
    summary: 'Take in the alerts of another incident, which ends',
    caller: 'person',
    permission: 'alert:arrange',
    params,
    body: z.strictObject({ incidentId: Id }),
    response: IncidentDetail,
  },
  splitIncident: {
    method: 'POST',
    path: '/api/v1/incidents/{id}/split',
    summary: 'Make of some of its alerts an incident of their own',
    caller: 'person',
    permission: 'alert:arrange',
    params,
    body: z.strictObject({ alertIds: z.array(Id).min(1).max(MAX_INCIDENT_ALERTS) }),
    status: 201,
    response: IncidentDetail,
  },
});
