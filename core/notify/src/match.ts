import {
  type Id,
  type MatchedAlert,
  matchesAlert,
  type NotificationMatch,
  type NotifiedEvent,
} from '@hypervigil/model';

/** What a route looks at of an alert. */
export interface Told extends MatchedAlert {
  readonly event: NotifiedEvent;
}

/**
 * Whether a route tells an alert. A tenant's route tells what is of that tenant and nothing else, whatever it says.
 * @param ownerId whose route it is; null is the provider's
 */
export function tells(ownerId: Id | null, match: NotificationMatch, told: Told): boolean {
  if (ownerId !== null && told.tenantId !== ownerId) return false;
  // Whoever asks is told the answer, and whoever is asked the question.
  if (told.event === 'asked' && ownerId === null) return false;
  if (told.event === 'answered' && ownerId !== null) return false;
  return match.events.includes(told.event) && matchesAlert(match, told);
}
