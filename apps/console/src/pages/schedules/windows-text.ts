import type { ScheduleWindow } from '@hypervigil/model';
import type { TFunction } from 'i18next';

/** Windows in words: `Mon Tue 08:00–18:00; Sat 09:00–12:00`. */
export const windowsText = (t: TFunction, windows: readonly ScheduleWindow[]): string =>
  windows
    .map(({ days, from, to }) => `${days.map((day) => t(`schedules.day.${day}`)).join(' ')} ${from}–${to}`)
    .join('; ');
