import { assignIncident, closeIncident } from '../incidents/act.ts';
import { mergeIncident, splitIncident } from '../incidents/arrange.ts';
import { listIncidents } from '../incidents/list.ts';
import { getIncident } from '../incidents/read.ts';
import { viewerOf } from '../incidents/viewer.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Alerts that belong together. */
export function incidentsHandlers({ db }: HandlerDeps) {
  return {
    listIncidents: async ({ query, access }) => listIncidents(db, query, await viewerOf(access)),
    getIncident: async ({ params, access }) => getIncident(db, params.id, await viewerOf(access)),
    closeIncident: async ({ params: { id }, body, call: { actor }, access }) =>
      closeIncident(db, { id, actor, viewer: await viewerOf(access) }, body),
    assignIncident: async ({ params: { id }, body, call: { actor }, access, person }) =>
      assignIncident(db, { id, actor, viewer: await viewerOf(access) }, person, body.assignee),
    mergeIncident: async ({ params: { id }, body, call: { actor }, access }) =>
      mergeIncident(db, { id, actor, viewer: await viewerOf(access) }, body.incidentId),
    splitIncident: async ({ params: { id }, body, call: { actor }, access }) =>
      splitIncident(db, { id, actor, viewer: await viewerOf(access) }, body.alertIds),
  } satisfies Part;
}
