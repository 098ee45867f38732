import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { DAYS, type Days } from '../../data/recorded.ts';
import { useUrl } from '../../ui/use-url.ts';

/** How many days of recorded flows are looked at; in the URL. */
export function DaysSelect({ value }: { readonly value: Days }) {
  const { t } = useTranslation();
  const [, patch] = useUrl();
  return (
    <FormSelect
      className="hv-days"
      aria-label={t('recorded.days')}
      value={value}
      onChange={(_, days) => patch({ days: days === '7' ? undefined : days })}
    >
      {DAYS.map((days) => (
        <FormSelectOption key={days} value={days} label={t('recorded.lastDays', { count: Number(days) })} />
      ))}
    </FormSelect>
  );
}
