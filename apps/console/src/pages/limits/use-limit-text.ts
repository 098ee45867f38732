import type { LimitKind, LimitValues } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

/** One value of a limit in words, or undefined when it has none of this kind. */
export function useLimitText(): (values: LimitValues, kind: LimitKind) => string | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (values, kind) => {
      const value = values[kind];
      if (value === null) return undefined;
      if (typeof value === 'number') return t('limits.connections', { number: format.count(value) });
      return 'kbps' in value
        ? format.rate(value.kbps * 1000)
        : t('limits.perSecond', { rate: format.count(value.perSecond) });
    },
    [t, format],
  );
}
