import type { Incident, IncidentEntity, IncidentMoment, Tactic } from '@hypervigil/model';
import { en } from './en.ts';
import type { Language } from './say.ts';
import type { Words } from './words.ts';
import { zh } from './zh.ts';

const WORDS: Readonly<Record<Language, Words>> = { en, zh };

export const tacticText = (language: Language, tactic: Tactic): string => WORDS[language].incidents.tactics[tactic];

/** Why an incident is as severe as it is. */
export function incidentSeverityText(
  language: Language,
  { worst, isRaised, tactics }: Pick<Incident, 'worst' | 'isRaised' | 'tactics'>,
): string {
  const { alerts, incidents } = WORDS[language];
  const names = tactics.map((tactic) => incidents.tactics[tactic]).join(incidents.listed);
  return (isRaised ? incidents.raised : incidents.severity)({ worst: alerts.titles[worst], tactics: names });
}

/** What an alert has in common with others; these are named after it. */
export function tieText(
  language: Language,
  entity: IncidentEntity,
  vmName: (vmId: string) => string | undefined,
): string {
  const { ties } = WORDS[language].incidents;
  switch (entity.kind) {
    case 'vm':
      return ties.vm(vmName(entity.vmId) ?? entity.ip ?? entity.vmId);
    case 'address':
      return ties.address(entity.ip);
    case 'name':
      return ties.name(entity.name);
  }
}

/** Why an alert without ties is in its incident: somebody put it there, or it began with it. */
export const untiedText = (language: Language, placedBy: string | null): string => {
  const { began, placed } = WORDS[language].incidents;
  return placedBy === null ? began : placed(placedBy);
};

/** What happened, without to which alerts. */
export function momentText(language: Language, moment: IncidentMoment): string {
  const { incidents, notifications } = WORDS[language];
  const { moments, outcomes } = incidents;
  switch (moment.kind) {
    case 'began':
    case 'raised':
    case 'lasted':
      return moments[moment.kind]();
    case 'close':
      return moments.close({
        actor: moment.actor,
        resolution: moment.resolution === null ? '' : notifications.resolutions[moment.resolution],
      });
    case 'assign':
      return moments.assign(moment);
    case 'comment':
      return moments.comment(moment);
    case 'response':
      return moments.response({
        ...moment,
        what: incidents.responses[moment.action]({ ip: moment.ip ?? '', set: moment.setName ?? '' }),
        answer: moment.answer === null ? null : notifications.answers[moment.answer],
      });
    case 'told':
      return moments.told({
        route: moment.route,
        event: notifications.events[moment.event],
        outcome: outcomes[moment.state],
      });
    default:
      return moments[moment.kind](moment);
  }
}
