import type { Bandwidth, ConnectionRate, RuleLimits } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

type Value = Bandwidth | ConnectionRate | number | null;

/** One value of a limit in words, or undefined where nothing is limited. */
export function useLimitText(): (value: Value) => string | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (value) => {
      if (value === null) return undefined;
      if (typeof value === 'number') return t('limits.connections', { number: format.count(value) });
      return 'kbps' in value
        ? format.rate(value.kbps * 1000)
        : t('limits.perSecond', { rate: format.count(value.perSecond) });
    },
    [t, format],
  );
}

/** The same where a head says of what. */
export function useLimitNumber(): (value: Value) => string | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (value) => {
      if (value === null) return undefined;
      if (typeof value === 'number') return format.count(value);
      return 'kbps' in value
        ? format.rate(value.kbps * 1000)
        : t('limits.aSecond', { rate: format.count(value.perSecond) });
    },
    [t, format],
  );
}

/** All limits of a rule in words; empty where it has none. */
export function useRuleLimitsText(): (limits: RuleLimits) => string {
  const textOf = useLimitText();
  return useCallback(
    ({ newConnections, open, bandwidth }) =>
      [newConnections, open, bandwidth].flatMap((value) => textOf(value) ?? []).join(' · '),
    [textOf],
  );
}
