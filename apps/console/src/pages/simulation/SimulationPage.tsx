import type { PolicySimulation, SimulatedChange } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { policyStatusOptions } from '../../data/queries.ts';
import { daysOf, simulationOptions } from '../../data/recorded.ts';
import { endName, talkId, talkService, talkTexts } from '../../data/talks.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { AllowIcon, DenyIcon, WarningIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { Status } from '../../ui/labels.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { DaysSelect } from './DaysSelect.tsx';
import { useSimulationColumns } from './simulation-columns.tsx';

const textOf = (row: SimulatedChange) => [...talkTexts(row), row.after.rule?.name];

/** What would the draft have done to the connections of the last days? */
export function SimulationPage() {
  const { t } = useTranslation();
  const [url] = useUrl();
  const days = daysOf(url);
  const status = useQuery(policyStatusOptions);
  const simulation = useQuery(simulationOptions(days, status.data?.draftRevision));
  const columns = useSimulationColumns();
  const items = simulation.data?.items;
  const narrowed = useNarrowed(items, textOf);
  return (
    <PageFrame
      fill
      title={t('simulation.title')}
      subtitle={t('simulation.question')}
      parent={{ to: '/policy', label: t('policy.title') }}
      actions={<DaysSelect value={days} />}
    >
      <ListFrame
        loading={simulation.isPending}
        error={simulation.data === undefined ? (simulation.error ?? status.error) : null}
        retry={() => void simulation.refetch()}
        empty={false}
      >
        {simulation.data !== undefined && <Summary simulation={simulation.data} />}
        {items?.length === 0 ? (
          <EmptyTeach icon={AllowIcon} title={t('simulation.same')} help={t('simulation.sameHelp')} />
        ) : (
          <EntityTable
            name="simulation"
            label={t('simulation.title')}
            columns={columns}
            {...narrowed}
            rowId={(row) => `${talkId(row)} ${row.recorded}`}
            rowName={(row) => `${endName(row.src)} ${endName(row.dst)} ${talkService(row)}`}
          />
        )}
      </ListFrame>
    </PageFrame>
  );
}

function Summary({ simulation }: { readonly simulation: PolicySimulation }) {
  const { t } = useTranslation();
  const { cut, opened, seen, unplaced, truncated, items } = simulation;
  return (
    <section className="hv-recorded-sum" aria-label={t('simulation.summary')}>
      {cut.flows > 0 && (
        <Status tone="red" icon={DenyIcon}>
          {t('simulation.cut', { count: cut.flows, vms: cut.vms })}
        </Status>
      )}
      {opened.flows > 0 && (
        <Status tone="teal" icon={AllowIcon}>
          {t('simulation.opened', { count: opened.flows, vms: opened.vms })}
        </Status>
      )}
      <span className="hv-muted">{t('simulation.seen', { count: seen.flows, vms: seen.vms })}</span>
      {unplaced.flows > 0 && (
        <Status tone="orange" icon={WarningIcon}>
          {t('simulation.unplaced', { count: unplaced.flows })}
        </Status>
      )}
      {(truncated || cut.talks + opened.talks > items.length) && (
        <Status tone="orange" icon={WarningIcon}>
          {t('simulation.truncated')}
        </Status>
      )}
    </section>
  );
}
