import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import * as format from './format.ts';

/** The formats in the reader's language. */
export function useFormat() {
  const { i18n } = useTranslation();
  const locale = i18n.language;
  return useMemo(
    () => ({
      locale,
      bytes: (value: number) => format.formatBytes(value, locale),
      rate: (value: number) => format.formatRate(value, locale),
      count: (value: number) => format.formatCount(value, locale),
      decimal: (value: number) => format.formatDecimal(value, locale),
      short: (value: number) => format.formatShort(value, locale),
      country: (code: string) => format.formatCountry(code, locale),
      percent: (value: number) => format.formatPercent(value, locale),
      instant: (value: string | number) => format.formatInstant(value, locale),
      clock: (value: string | number) => format.formatClock(value, locale),
      relative: (value: string | number, now: number) => format.formatRelative(value, now, locale),
      duration: (ms: number) => format.formatDuration(ms, locale),
    }),
    [locale],
  );
}
