import { type Incident, SEVERITIES } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { SeverityLabel } from '../../ui/labels.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { AlertStateLabel } from '../alerts/AlertStateLabel.tsx';
import { useIncidentNames } from './use-incident-name.ts';

export function useIncidentColumns(): readonly Column<Incident>[] {
  const { t } = useTranslation();
  const common = useCommonColumns();
  const names = useIncidentNames();
  return useMemo(
    () => [
      {
        ...{ id: 'severity', header: t('incidents.severity'), width: 100 },
        text: ({ severity }) => t(`overview.severity.${severity}`),
        sort: ({ severity }) => SEVERITIES.indexOf(severity),
        cell: ({ severity }) => <SeverityLabel severity={severity} />,
      },
      {
        ...{ id: 'what', header: t('incidents.what'), width: 200 },
        text: names.what,
        cell: (incident) => (
          <Link to="/incidents/$id" params={{ id: incident.id }}>
            {names.what(incident)}
          </Link>
        ),
      },
      common.text('vms', { header: t('incidents.vms'), width: 150 }, ({ vms }) =>
        vms.map(({ vmName }) => vmName).join(', '),
      ),
      {
        ...{ id: 'state', header: t('common.state'), width: 110 },
        text: ({ state }) => t(`alerts.states.${state}`),
        cell: ({ state }) => <AlertStateLabel state={state} />,
      },
      {
        ...{ id: 'alerts', header: t('incidents.alerts'), width: 80, numeric: true, from: 'md' },
        text: ({ open, alerts }) => t('incidents.openOf', { open, total: alerts }),
        sort: ({ alerts }) => alerts,
        cell: ({ open, alerts }) => (
          <span title={t('incidents.openHelp')}>{t('incidents.openOf', { open, total: alerts })}</span>
        ),
      },
      common.text('assignee', { header: t('alerts.assignee'), width: 140, from: 'md' }, ({ assignees }) =>
        assignees.join(', '),
      ),
      common.time('last', { header: t('alerts.last'), width: 100 }, ({ lastAt }) => lastAt),
    ],
    [t, common, names.what],
  );
}
