import { type AlertResponse, RESPONSE_ACTIONS, RESPONSE_STATES } from '@hypervigil/model';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { ShieldIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { type ChoiceFilter, useNarrowed, useTenantFilter } from '../../ui/use-narrowed.tsx';
import { type AskedStep, StepDialog } from './StepDialog.tsx';
import { useResponseColumns } from './use-response-columns.tsx';
import { useResponseText } from './use-response-text.ts';

const idOf = ({ id }: AlertResponse) => id;

/** What was done about all alerts. */
export function ResponsesPage() {
  const { t } = useTranslation();
  const { what } = useResponseText();
  const responses = useCollection('responses');
  const [asked, setAsked] = useState<AskedStep>();
  const columns = useResponseColumns(setAsked);
  const ofTenant = useTenantFilter();
  const filters = useMemo<readonly ChoiceFilter<AlertResponse>[]>(
    () => [
      {
        key: 'state',
        label: t('common.state'),
        choices: RESPONSE_STATES.map((value) => ({ value, label: t(`responses.states.${value}`) })),
        fits: ({ state }, value) => state === value,
      },
      {
        key: 'action',
        label: t('responses.action'),
        choices: RESPONSE_ACTIONS.map((value) => ({ value, label: t(`responses.actions.${value}`) })),
        fits: ({ action }, value) => action === value,
      },
      ofTenant,
    ],
    [t, ofTenant],
  );
  const textOf = useCallback((one: AlertResponse) => [what(one), one.vmName, one.reason, one.doneBy], [what]);
  const narrowed = useNarrowed(responses.items, textOf, filters);
  return (
    <PageFrame
      fill
      title={t('responses.title')}
      subtitle={t('responses.question')}
      parent={{ to: '/alerts', label: t('alerts.title') }}
    >
      <ListFrame
        {...responses}
        empty={
          responses.items.length === 0 && (
            <EmptyTeach icon={ShieldIcon} title={t('responses.empty')} help={t('responses.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="responses"
          label={t('responses.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={what}
          defaultOrder="-at"
        />
      </ListFrame>
      {asked !== undefined && <StepDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </PageFrame>
  );
}
