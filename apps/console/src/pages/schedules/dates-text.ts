import type { Hours } from '@hypervigil/model';
import type { TFunction } from 'i18next';

/** On which dates hours can hold: an end that is open stays open. */
export function datesText(t: TFunction, { startsOn, endsOn }: Hours): string {
  if (startsOn === null && endsOn === null) return t('schedules.anyDate');
  return t('schedules.dateRange', { from: startsOn ?? '…', to: endsOn ?? '…' });
}
