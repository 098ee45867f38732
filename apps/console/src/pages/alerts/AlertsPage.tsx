import { ALERT_CODES, ALERT_STATES, type Alert, SEVERITIES } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { AlertIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { useAlertColumns } from './alert-columns.tsx';
import { useAlertText } from './use-alert-text.ts';

const idOf = (alert: Alert) => alert.id;
/** All that are not closed. */
const OPEN = 'open';

export function AlertsPage() {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const alerts = useCollection('alerts');
  const columns = useAlertColumns();
  const navigate = useNavigate();
  const [url, patch] = useUrl();
  const filters = useMemo(
    () => [
      {
        key: 'state',
        label: t('common.state'),
        choices: [OPEN, ...ALERT_STATES].map((value) => ({
          value,
          label: value === OPEN ? t('alerts.open') : t(`alerts.states.${value as Alert['state']}`),
        })),
        fits: ({ state }: Alert, value: string) => (value === OPEN ? state !== 'closed' : state === value),
      },
      {
        key: 'severity',
        label: t('alerts.severity'),
        choices: SEVERITIES.map((value) => ({ value, label: t(`overview.severity.${value}`) })),
        fits: ({ severity }: Alert, value: string) => severity === value,
      },
      {
        key: 'code',
        label: t('alerts.what'),
        choices: ALERT_CODES.map((value) => ({ value, label: alertText.title(value) })),
        fits: ({ code }: Alert, value: string) => code === value,
      },
    ],
    [t, alertText],
  );
  const chosen = filters.flatMap((filter) => {
    const choice = filter.choices.find(({ value }) => value === url[filter.key]);
    return choice === undefined ? [] : [{ ...filter, choice }];
  });
  const q = (url['q'] ?? '').toLowerCase();
  const { tenant } = url;
  const rows = alerts.items.filter(
    (alert) =>
      (tenant === undefined || alert.tenantId === tenant) &&
      chosen.every(({ fits, choice }) => fits(alert, choice.value)) &&
      [alert.vmName, alertText.title(alert.code), alert.technique, alert.assignee, ...alert.peers.map(({ ip }) => ip)]
        .join('\n')
        .toLowerCase()
        .includes(q),
  );
  return (
    <PageFrame
      fill
      title={t('alerts.title')}
      subtitle={t('alerts.question')}
      actions={
        <>
          <LinkButton to="/alerts/exceptions">{t('alerts.exceptions.title')}</LinkButton>{' '}
          <LinkButton to="/alerts/detectors">{t('alerts.detectors.title')}</LinkButton>
        </>
      }
    >
      <ListFrame
        {...alerts}
        empty={
          alerts.items.length === 0 && (
            <EmptyTeach icon={AlertIcon} title={t('alerts.empty')} help={t('alerts.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="alerts"
          label={t('alerts.title')}
          columns={columns}
          rows={rows}
          total={alerts.items.length}
          rowId={idOf}
          rowName={({ code, vmName }) => t('alerts.named', { what: alertText.title(code), vm: vmName })}
          defaultOrder="-last"
          filters={filters.map(({ key, label, choices }) => (
            <FilterSelect
              key={key}
              label={label}
              value={url[key]}
              choices={choices}
              onChange={(value) => patch({ [key]: value })}
            />
          ))}
          chips={chosen.map(({ key, label, choice }) => ({ key, name: label, value: choice.label }))}
          onActivate={({ id }) => void navigate({ to: '/alerts/$id', params: { id } })}
        />
      </ListFrame>
    </PageFrame>
  );
}
