import type { Incident } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { IncidentIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { type ChoiceFilter, useNarrowed, useTenantFilter } from '../../ui/use-narrowed.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import { useWorkFilters } from '../alerts/use-work-filters.ts';
import { useIncidentColumns } from './incident-columns.tsx';
import { useIncidentNames } from './use-incident-name.ts';

const idOf = ({ id }: Incident) => id;

export function IncidentsPage() {
  const { t } = useTranslation();
  const incidents = useCollection('incidents');
  const columns = useIncidentColumns();
  const names = useIncidentNames();
  const alertText = useAlertText();
  const navigate = useNavigate();
  const ofTenant = useTenantFilter();
  const ofWork = useWorkFilters();
  const filters = useMemo<readonly ChoiceFilter<Incident>[]>(
    () => [...ofWork, { ...ofTenant, fits: ({ vms }, value) => vms.some((vm) => ofTenant.fits(vm, value)) }],
    [ofWork, ofTenant],
  );
  const textOf = useCallback(
    ({ codes, vms, assignees }: Incident) => [
      ...codes.map(alertText.title),
      ...vms.map(({ vmName }) => vmName),
      ...assignees,
    ],
    [alertText],
  );
  const narrowed = useNarrowed(incidents.items, textOf, filters);
  return (
    <PageFrame
      fill
      title={t('incidents.title')}
      subtitle={t('incidents.question')}
      actions={<LinkButton to="/alerts">{t('alerts.title')}</LinkButton>}
    >
      <ListFrame
        {...incidents}
        empty={
          incidents.items.length === 0 && (
            <EmptyTeach icon={IncidentIcon} title={t('incidents.empty')} help={t('incidents.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="incidents"
          label={t('incidents.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={names.of}
          defaultOrder="-last"
          onActivate={({ id }) => void navigate({ to: '/incidents/$id', params: { id } })}
        />
      </ListFrame>
    </PageFrame>
  );
}
