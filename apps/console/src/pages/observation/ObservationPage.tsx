import { ApiError, type ObservedTurn, type PolicyObservation } from '@hypervigil/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { observationOptions } from '../../data/observation.ts';
import { policyStatusOptions, revisionsOptions } from '../../data/queries.ts';
import { daysOf } from '../../data/recorded.ts';
import { endName, talkId, talkService, talkTexts } from '../../data/talks.ts';
import { actorText } from '../../i18n/codes.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { AllowIcon, DenyIcon, PolicyIcon, UndoIcon, WarningIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { Status } from '../../ui/labels.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { HostProgress } from '../policy/HostProgress.tsx';
import { DaysSelect } from '../simulation/DaysSelect.tsx';
import { FirstHits } from './FirstHits.tsx';
import { useObservationColumns } from './observation-columns.tsx';
import { RollBackDialog } from './RollBackDialog.tsx';

const LAST = 'published';

/** What did a revision do: who enforces it, what does it deny that passed before, and back again if that is wrong. */
export function ObservationPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const days = daysOf(url);
  const revision = url['revision'] ?? LAST;
  const status = useQuery(policyStatusOptions).data;
  const isPublished = status !== undefined && status.publishedRevision > 0;
  const observation = useQuery({ ...observationOptions(revision, days), enabled: isPublished });
  const revisions = useQuery(revisionsOptions).data?.items ?? [];
  const [rollingBack, setRollingBack] = useState(false);
  const { data, error } = observation;
  const isNone = status?.publishedRevision === 0 || (error instanceof ApiError && error.status === 404);
  return (
    <PageFrame
      fill
      title={t('observation.title')}
      subtitle={t('observation.question')}
      parent={{ to: '/policy', label: t('policy.title') }}
      actions={
        <>
          <FilterSelect
            label={t('observation.revision')}
            value={url['revision']}
            choices={revisions.map((one) => ({
              value: String(one.revision),
              label: `${t('overview.revision', { revision: one.revision })} ${one.comment}`,
            }))}
            onChange={(value) => patch({ revision: value })}
          />
          <DaysSelect value={days} />
          <MayButton
            permission="policy:rewrite"
            variant="secondary"
            icon={<UndoIcon />}
            disabledReason={isPublished ? undefined : t('policy.neverPublished')}
            onClick={() => setRollingBack(true)}
          >
            {t('observation.rollBack')}
          </MayButton>
        </>
      }
    >
      <ListFrame
        loading={observation.isPending && !isNone}
        error={data === undefined && !isNone ? error : null}
        retry={() => void observation.refetch()}
        empty={
          isNone && (
            <EmptyTeach
              icon={PolicyIcon}
              title={t('policy.neverPublished')}
              help={t('observation.neverHelp')}
              action={<LinkButton to="/policy">{t('policy.title')}</LinkButton>}
            />
          )
        }
      >
        {data !== undefined && <Observed observation={data} />}
      </ListFrame>
      {rollingBack && status !== undefined && <RollBackDialog status={status} onClose={() => setRollingBack(false)} />}
    </PageFrame>
  );
}

function Observed({ observation }: { readonly observation: PolicyObservation }) {
  const { t } = useTranslation();
  const { items, revision, publishedAt, publishedBy, comment, nextRevision } = observation;
  const columns = useObservationColumns();
  const narrowed = useNarrowed(items, textOf);
  return (
    <>
      <section className="hv-observed" aria-label={t('observation.hosts')}>
        <div>
          <h2>{t('overview.revision', { revision })}</h2>
          <p className="hv-muted">
            {actorText(t, publishedBy)} · <RelativeTime at={publishedAt} />
            {comment !== '' && ` · ${comment}`}
            {nextRevision !== null && ` · ${t('observation.replaced', { revision: nextRevision })}`}
          </p>
          <HostProgress progress={observation} />
        </div>
        <FirstHits hits={observation.firstHits} />
      </section>
      <Summary observation={observation} />
      {items.length === 0 ? (
        <EmptyTeach icon={AllowIcon} title={t('observation.same')} help={t('observation.sameHelp')} />
      ) : (
        <EntityTable
          name="observation"
          label={t('observation.title')}
          columns={columns}
          {...narrowed}
          rowId={talkId}
          rowName={(row) => `${endName(row.src)} ${endName(row.dst)} ${talkService(row)}`}
        />
      )}
    </>
  );
}

const textOf = (row: ObservedTurn) => [...talkTexts(row), row.now.rule?.name];

function Summary({ observation }: { readonly observation: PolicyObservation }) {
  const { t } = useTranslation();
  const { denied, allowed, from, truncated, items } = observation;
  return (
    <section className="hv-recorded-sum" aria-label={t('simulation.summary')}>
      {denied.flows > 0 && (
        <Status tone="red" icon={DenyIcon}>
          {t('observation.denied', { count: denied.flows, vms: denied.vms })}
        </Status>
      )}
      {allowed.flows > 0 && (
        <Status tone="teal" icon={AllowIcon}>
          {t('observation.allowed', { count: allowed.flows, vms: allowed.vms })}
        </Status>
      )}
      {from === null && (
        <Status tone="orange" icon={WarningIcon}>
          {t('observation.nothingBefore')}
        </Status>
      )}
      {(truncated || denied.talks + allowed.talks > items.length) && (
        <Status tone="orange" icon={WarningIcon}>
          {t('simulation.truncated')}
        </Status>
      )}
    </section>
  );
}
