import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { comparisonOptions, policyStatusOptions, revisionsOptions } from '../../data/queries.ts';
import { useDenial } from '../../data/rights.ts';
import { actorText } from '../../i18n/codes.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { SelectField } from '../../ui/fields.tsx';
import { AllowIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ReachDifferences } from './ReachDifferences.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import { RevisionFacts } from './RevisionFacts.tsx';
import { RuleDifferences } from './RuleDifferences.tsx';

/** What was published when, what differs between two of them, and back to one. */
export function HistoryPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const status = useQuery(policyStatusOptions).data;
  const revisions = useQuery(revisionsOptions);
  const [restoring, setRestoring] = useState(false);
  const published = status?.publishedRevision ?? 0;
  const before = url['before'] ?? 'published';
  const after = url['after'] ?? 'draft';
  const denied = useDenial('policy:analyse');
  const comparison = useQuery(comparisonOptions(before, after, denied === undefined ? status : undefined));
  const options = [
    { value: 'draft', label: t('policy.draft') },
    { value: 'published', label: t('history.published', { revision: published }) },
    ...(revisions.data?.items ?? []).map(({ revision, publishedBy, comment }) => ({
      value: String(revision),
      label: t('history.revision', { revision, by: actorText(t, publishedBy), comment: comment.slice(0, 60) }),
    })),
    { value: '0', label: t('history.nothing') },
  ];
  const factsOf = (state: string) => {
    const found = revisions.data?.items.find(
      ({ revision }) => revision === (state === 'published' ? published : Number(state)),
    );
    return found && <RevisionFacts revision={found} />;
  };
  const number = before === 'published' ? published : Number(before);
  const data = comparison.data;
  return (
    <PageFrame
      title={t('history.title')}
      subtitle={t('history.question')}
      parent={{ to: '/policy', label: t('policy.title') }}
      actions={
        <MayButton
          permission="policy:rewrite"
          variant="secondary"
          disabledReason={before === 'draft' ? t('history.restoreDraft') : undefined}
          onClick={() => setRestoring(true)}
        >
          {t('history.restore', { revision: before === 'draft' ? '' : number })}
        </MayButton>
      }
    >
      <div className="hv-sides">
        <div>
          <SelectField
            label={t('history.before')}
            value={before}
            options={options}
            onChange={(value) => patch({ before: value })}
          />
          {factsOf(before)}
        </div>
        <div>
          <SelectField
            label={t('history.after')}
            value={after}
            options={options}
            onChange={(value) => patch({ after: value })}
          />
          {factsOf(after)}
        </div>
      </div>
      <ListFrame
        loading={denied === undefined && comparison.isPending}
        error={data === undefined ? comparison.error : null}
        retry={() => void comparison.refetch()}
        empty={
          denied === undefined ? (
            data?.policies.length === 0 && (
              <EmptyTeach icon={AllowIcon} title={t('history.same')} help={t('history.sameHelp')} />
            )
          ) : (
            <p className="hv-muted">{t('history.notCompared', { reason: denied })}</p>
          )
        }
      >
        {data !== undefined && (
          <div className="hv-history">
            <RuleDifferences comparison={data} />
            <ReachDifferences comparison={data} />
          </div>
        )}
      </ListFrame>
      {restoring && status !== undefined && (
        <RestoreDialog revision={number} status={status} onClose={() => setRestoring(false)} />
      )}
    </PageFrame>
  );
}
