import { type Alert, SEVERITIES } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { SeverityLabel } from '../../ui/labels.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { AlertStateLabel } from './AlertStateLabel.tsx';
import { AlertVm } from './AlertVm.tsx';
import { useAlertText } from './use-alert-text.ts';

export function useAlertColumns(): readonly Column<Alert>[] {
  const { t } = useTranslation();
  const alertText = useAlertText();
  return useMemo(
    () => [
      {
        id: 'severity',
        header: t('alerts.severity'),
        width: 100,
        text: ({ severity }) => t(`overview.severity.${severity}`),
        sort: ({ severity }) => SEVERITIES.indexOf(severity),
        cell: ({ severity }) => <SeverityLabel severity={severity} />,
      },
      {
        id: 'what',
        header: t('alerts.what'),
        width: 200,
        text: ({ code }) => alertText.title(code),
        cell: ({ id, code }) => (
          <Link to="/alerts/$id" params={{ id }}>
            {alertText.title(code)}
          </Link>
        ),
      },
      {
        id: 'vm',
        header: t('alerts.vm'),
        width: 90,
        text: ({ vmName }) => vmName,
        cell: (alert) => <AlertVm alert={alert} />,
      },
      {
        id: 'seen',
        header: t('alerts.seen'),
        width: 180,
        from: 'md',
        text: (alert) => alertText.of(alert).seen,
        cell: (alert) => <span title={alertText.of(alert).seen}>{alertText.of(alert).seen}</span>,
      },
      {
        id: 'state',
        header: t('common.state'),
        width: 110,
        text: ({ state }) => t(`alerts.states.${state}`),
        cell: ({ state }) => <AlertStateLabel state={state} />,
      },
      {
        id: 'count',
        header: t('alerts.count'),
        width: 70,
        numeric: true,
        from: 'md',
        text: ({ count }) => String(count),
        sort: ({ count }) => count,
        cell: ({ count }) => count,
      },
      {
        id: 'assignee',
        header: t('alerts.assignee'),
        width: 140,
        from: 'md',
        text: ({ assignee }) => assignee ?? '',
        cell: ({ assignee }) => assignee ?? <Dash />,
      },
      {
        id: 'last',
        header: t('alerts.last'),
        width: 100,
        text: ({ lastAt }) => lastAt,
        cell: ({ lastAt }) => <RelativeTime at={lastAt} />,
      },
    ],
    [t, alertText],
  );
}
