import { ALERT_CODES, type Alert } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AlertIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { type ChoiceFilter, useNarrowed, useTenantFilter } from '../../ui/use-narrowed.tsx';
import { useAlertColumns } from './alert-columns.tsx';
import { useAlertText } from './use-alert-text.ts';
import { useWorkFilters } from './use-work-filters.ts';

const idOf = (alert: Alert) => alert.id;

export function AlertsPage() {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const alerts = useCollection('alerts');
  const columns = useAlertColumns();
  const navigate = useNavigate();
  const ofTenant = useTenantFilter();
  const ofWork = useWorkFilters();
  const filters = useMemo<readonly ChoiceFilter<Alert>[]>(
    () => [
      ...ofWork,
      {
        key: 'code',
        label: t('alerts.what'),
        choices: ALERT_CODES.map((value) => ({ value, label: alertText.title(value) })),
        fits: ({ code }, value) => code === value,
      },
      ofTenant,
    ],
    [t, alertText, ofTenant, ofWork],
  );
  const textOf = useCallback(
    ({ vmName, code, technique, assignee, peers }: Alert) => [
      ...[vmName, alertText.title(code), technique, assignee],
      ...peers.map(({ ip }) => ip),
    ],
    [alertText],
  );
  const narrowed = useNarrowed(alerts.items, textOf, filters);
  return (
    <PageFrame
      fill
      title={t('alerts.title')}
      subtitle={t('alerts.question')}
      actions={
        <>
          <LinkButton to="/alerts/responses">{t('responses.title')}</LinkButton>{' '}
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
          {...narrowed}
          rowId={idOf}
          rowName={({ code, vmName }) => t('alerts.named', { what: alertText.title(code), vm: vmName })}
          defaultOrder="-last"
          onActivate={({ id }) => void navigate({ to: '/alerts/$id', params: { id } })}
        />
      </ListFrame>
    </PageFrame>
  );
}
