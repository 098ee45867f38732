import type { BehaviourMeasure } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../ui/use-format.ts';

/** Amounts of a measure and hours of the week, as people read them. */
export function useAmounts(measure: BehaviourMeasure) {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const weekday = new Intl.DateTimeFormat(format.locale, { weekday: 'short' });
    const amount = (value: number) =>
      measure === 'spoken-to' ? t('behaviour.machines', { count: value }) : format.bytes(value);
    return {
      amount,
      /** Of what is not known yet. */
      orUnknown: (value: number | null) => (value === null ? t('behaviour.unknown') : amount(value)),
      hour: (at: string) => `${weekday.format(new Date(at))} ${format.clock(at).slice(0, 5)}`,
    };
  }, [measure, t, format]);
}
