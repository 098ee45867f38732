import {
  alertTitle,
  type IncidentDetail,
  incidentSeverityText,
  type Language,
  momentText,
  tieText,
  untiedText,
} from '@hypervigil/contract';
import type { Incident } from '@hypervigil/model';

/** Incidents as people read them: what they are made of, and about which VMs. */
export function incidentRows({ items }: { readonly items: readonly Incident[] }, language: Language): object[] {
  return items.map(({ id, lastAt, severity, state, codes, vms, alerts, open, assignees }) => ({
    ...{ id, lastAt, severity, state, alerts, open, assignees },
    what: codes.map((code) => alertTitle(language, code)).join(', '),
    vms: vms.map(({ vmName }) => vmName),
  }));
}

/** What happened, with the alerts that it happened to. */
export function momentRows({ members, timeline }: IncidentDetail, language: Language): object[] {
  const names = namesIn(members, language);
  return timeline.map((moment) => ({
    at: moment.at,
    what: momentText(language, moment),
    alerts: moment.alertIds.map((id) => names.get(id) ?? id).join(', '),
  }));
}

/** How severe it is and why, and of each alert why it is in it. */
export function incidentSummary(incident: IncidentDetail, language: Language): string[] {
  const { id, severity, state, members } = incident;
  const names = namesIn(members, language);
  const vms = new Map(members.map(({ alert }) => [alert.vmId, alert.vmName]));
  return [
    `${id}  ${severity}  ${state}`,
    incidentSeverityText(language, incident),
    '',
    ...members.flatMap(({ alert, ties, placedBy }) => [
      `${names.get(alert.id)}  ${alert.severity}  ${alert.state}  ${alert.id}`,
      ...(ties.length === 0 || placedBy !== null ? [`  ${untiedText(language, placedBy)}`] : []),
      ...ties.map(
        ({ entity, alertId }) =>
          `  ${tieText(language, entity, (vmId) => vms.get(vmId))} ${names.get(alertId) ?? alertId}`,
      ),
    ]),
    '',
  ];
}

const namesIn = (members: IncidentDetail['members'], language: Language): ReadonlyMap<string, string> =>
  new Map(members.map(({ alert }) => [alert.id, `${alertTitle(language, alert.code)}: ${alert.vmName}`]));
