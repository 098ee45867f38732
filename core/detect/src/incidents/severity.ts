import { ALERT_TACTICS, type Alert, type Incident, SEVERITIES, TACTICS } from '@hypervigil/model';

/** So many tactics in one incident raise it by one step. */
export const TACTICS_THAT_RAISE = 3;

type Judged = Pick<Alert, 'code' | 'severity' | 'resolution'>;

/**
 * An incident is as severe as its worst alert, and one step more where its alerts are of three tactics of ATT&CK: who is seen
 * to look around, to move and to report is further along the kill chain (Hutchins, Cloppert, Amin 2011) than any one of these alerts says;
 * low ones do not count for that, since these are told of what need not be bad. What turned out to be false or expected does not count
 * at all, unless there is nothing else.
 */
export function severityOf(
  alerts: readonly [Judged, ...Judged[]],
): Pick<Incident, 'severity' | 'worst' | 'isRaised' | 'tactics'> {
  const real = alerts.filter(({ resolution }) => resolution === null || resolution === 'true');
  const counted = real.length > 0 ? real : alerts;
  const rank = ({ severity }: Judged) => SEVERITIES.indexOf(severity);
  const worst = counted.reduce((a, b) => (rank(b) < rank(a) ? b : a), counted[0]!);
  const tactics = TACTICS.filter((tactic) => counted.some(({ code }) => ALERT_TACTICS[code] === tactic));
  const telling = real.filter(({ severity }) => severity !== 'low').map(({ code }) => ALERT_TACTICS[code]);
  const isRaised = new Set(telling).size >= TACTICS_THAT_RAISE && rank(worst) > 0;
  return { severity: SEVERITIES[rank(worst) - Number(isRaised)]!, worst: worst.code, isRaised, tactics };
}
