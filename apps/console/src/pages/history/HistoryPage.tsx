import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { comparisonOptions, policyStatusOptions, revisionsOptions } from '../../data/queries.ts';
import { actorText } from '../../i18n/codes.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { SelectField } from '../../ui/fields.tsx';
import { AllowIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { ReasonButton } from '../../ui/ReasonButton.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ReachDifferences } from './ReachDifferences.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
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
  const comparison = useQuery(comparisonOptions(before, after, status));
  const options = [
    { value: 'draft', label: t('policy.draft') },
    { value: 'published', label: t('history.published', { revision: published }) },
    ...(revisions.data?.items ?? []).map(({ revision, publishedBy, comment }) => ({
      value: String(revision),
      label: t('history.revision', { revision, by: actorText(t, publishedBy), comment: comment.slice(0, 60) }),
    })),
    { value: '0', label: t('history.nothing') },
  ];
  const number = before === 'published' ? published : Number(before);
  const data = comparison.data;
  return (
    <PageFrame
      title={t('history.title')}
      subtitle={t('history.question')}
      parent={{ to: '/policy', label: t('policy.title') }}
      actions={
        <ReasonButton
          variant="secondary"
          disabledReason={before === 'draft' ? t('history.restoreDraft') : undefined}
          onClick={() => setRestoring(true)}
        >
          {t('history.restore', { revision: before === 'draft' ? '' : number })}
        </ReasonButton>
      }
    >
      <div className="hv-sides">
        <SelectField
          label={t('history.before')}
          value={before}
          options={options}
          onChange={(value) => patch({ before: value })}
        />
        <SelectField
          label={t('history.after')}
          value={after}
          options={options}
          onChange={(value) => patch({ after: value })}
        />
      </div>
      <ListFrame
        loading={comparison.isPending}
        error={data === undefined ? comparison.error : null}
        retry={() => void comparison.refetch()}
        empty={
          data?.policies.length === 0 && (
            <EmptyTeach icon={AllowIcon} title={t('history.same')} help={t('history.sameHelp')} />
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
