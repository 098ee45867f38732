import { incidentRows, incidentSummary, momentRows } from '../incident-rows.ts';
import type { Command } from './command.ts';

/** One incident: its alerts, and what happened. */
const SHOWN = { rows: momentRows, summary: incidentSummary, columns: ['at', 'what', 'alerts'] };

/** Alerts that belong together. */
export const INCIDENTS: readonly Command[] = [
  {
    words: 'incident list',
    operation: 'listIncidents',
    lookups: { vmId: 'listVms' },
    rows: incidentRows,
    columns: ['lastAt', 'severity', 'state', 'what', 'vms', 'alerts', 'open', 'assignees', 'id'],
  },
  { words: 'incident show', operation: 'getIncident', ...SHOWN },
  { words: 'incident close', operation: 'closeIncident', positional: ['resolution'], ...SHOWN },
  { words: 'incident assign', operation: 'assignIncident', positional: ['assignee'], ...SHOWN },
  { words: 'incident merge', operation: 'mergeIncident', positional: ['incidentId'], ...SHOWN },
  {
    words: 'incident split',
    operation: 'splitIncident',
    positional: ['alertIds'],
    lookups: { alertIds: 'listAlerts' },
    ...SHOWN,
  },
];
