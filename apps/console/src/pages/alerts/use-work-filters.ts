import { ALERT_STATES, type AlertState, SEVERITIES, type Severity } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChoiceFilter } from '../../ui/use-narrowed.tsx';

/** All that are not closed. */
const OPEN = 'open';

/** What is left to do of alerts and incidents, and how severe it is. */
export function useWorkFilters(): readonly ChoiceFilter<{ readonly state: AlertState; readonly severity: Severity }>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'state',
        label: t('common.state'),
        choices: [
          { value: OPEN, label: t('alerts.open') },
          ...ALERT_STATES.map((value) => ({ value, label: t(`alerts.states.${value}`) })),
        ],
        fits: ({ state }, value) => (value === OPEN ? state !== 'closed' : state === value),
      },
      {
        key: 'severity',
        label: t('alerts.severity'),
        choices: SEVERITIES.map((value) => ({ value, label: t(`overview.severity.${value}`) })),
        fits: ({ severity }, value) => severity === value,
      },
    ],
    [t],
  );
}
