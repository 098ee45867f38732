import {
  type Alert,
  type Id,
  isAtLeast,
  type NotificationMatch,
  type NotifiedEvent,
  selectorOf,
  selects,
} from '@hypervigil/model';

/** What a route looks at of an alert. */
export interface Told extends Pick<Alert, 'code' | 'severity' | 'tenantId'> {
  readonly event: NotifiedEvent;
  /** Of the VM as it is now; none of one that is gone. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Whether a route tells an alert. A tenant's route tells what is of that tenant and nothing else, whatever it says.
 * @param ownerId whose route it is; null is the provider's
 */
export function tells(ownerId: Id | null, match: NotificationMatch, told: Told): boolean {
  if (ownerId !== null && told.tenantId !== ownerId) return false;
  const { events, codes, leastSeverity, tenantIds } = match;
  if (!events.includes(told.event) || !isAtLeast(told.severity, leastSeverity)) return false;
  if (codes.length > 0 && !codes.includes(told.code)) return false;
  if (tenantIds.length > 0 && (told.tenantId === null || !tenantIds.includes(told.tenantId))) return false;
  const selector = selectorOf(match.selector);
  return selector === null || selects(selector, told.tags);
}
