import type { PolicyRecommendation } from '@hypervigil/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { daysOf, recommendationOptions } from '../../data/recorded.ts';
import { talkId } from '../../data/talks.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { RecommendIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { DaysSelect } from '../simulation/DaysSelect.tsx';
import { RulePicture } from './RulePicture.tsx';
import { useOutlierColumns, useRuleColumns } from './recommendation-columns.tsx';
import { SubjectSelect } from './SubjectSelect.tsx';

/** Which few rules would allow what a group or tenant was seen to do, and what stands out? */
export function RecommendationsPage() {
  const { t } = useTranslation();
  const [url] = useUrl();
  const days = daysOf(url);
  const subject = url['group'] ? { groupId: url['group'] } : url['of'] ? { tenantId: url['of'] } : undefined;
  const found = useQuery(recommendationOptions(subject, days));
  return (
    <PageFrame
      title={t('recommendations.title')}
      subtitle={t('recommendations.question')}
      actions={
        <>
          <SubjectSelect />
          <DaysSelect value={days} />
          {found.data !== undefined && subject !== undefined && (
            <Apply subject={subject} found={found.data} days={days} />
          )}
        </>
      }
    >
      {subject === undefined ? (
        <EmptyTeach icon={RecommendIcon} title={t('recommendations.choose')} help={t('recommendations.chooseHelp')} />
      ) : (
        <ListFrame
          loading={found.isPending}
          error={found.data === undefined ? found.error : null}
          retry={() => void found.refetch()}
          empty={false}
        >
          {found.data !== undefined && <Found found={found.data} />}
        </ListFrame>
      )}
    </PageFrame>
  );
}

function Found({ found }: { readonly found: PolicyRecommendation }) {
  const { t } = useTranslation();
  const ruleColumns = useRuleColumns(found.days);
  const outlierColumns = useOutlierColumns();
  const { rules, learnt, outliers } = found;
  return (
    <div className="hv-stack">
      {rules.length === 0 ? (
        <EmptyTeach icon={RecommendIcon} title={t('recommendations.none')} help={t('recommendations.noneHelp')} />
      ) : (
        <>
          <Panel
            title={t('recommendations.picture')}
            source={t('recommendations.summary', { count: rules.length, flows: learnt.flows, vms: learnt.vms })}
          >
            <RulePicture label={t('recommendations.picture')} rules={rules} />
          </Panel>
          <Panel flush title={t('recommendations.rules')}>
            <DataTable
              label={t('recommendations.rules')}
              columns={ruleColumns}
              rows={rules}
              rowId={({ name }) => name}
              rowName={({ name }) => name}
              maxHeight={420}
            />
          </Panel>
        </>
      )}
      <Panel flush={outliers.length > 0} title={t('recommendations.outliers')}>
        {outliers.length === 0 ? (
          <p className="hv-muted">{t('recommendations.noOutliers')}</p>
        ) : (
          <DataTable
            label={t('recommendations.outliers')}
            columns={outlierColumns}
            rows={outliers}
            rowId={(row) => `${row.reason} ${talkId(row)}`}
            rowName={talkId}
            maxHeight={320}
          />
        )}
      </Panel>
    </div>
  );
}

interface ApplyProps {
  readonly subject: { readonly groupId: string } | { readonly tenantId: string };
  readonly found: PolicyRecommendation;
  readonly days: string;
}

/** The same rules, from the same flows, into the draft. */
function Apply({ subject, found, days }: ApplyProps) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const apply = useMutation({
    mutationFn: () => platform.applyRecommendation({ body: { ...subject, days: Number(days), to: found.to } }),
    onSuccess: async (policy) => {
      await client.invalidateQueries({ queryKey: ['policies'] });
      toasts.done(t('recommendations.applied', { policy: policy.name }));
      await navigate({ to: '/policy', search: { id: policy.id } });
    },
    onError: (error) => toasts.failed(error),
  });
  return (
    <MayButton
      permission="policy:rewrite"
      disabledReason={found.rules.length === 0 ? t('recommendations.applyNone') : undefined}
      onClick={() => apply.mutate()}
    >
      {t('recommendations.apply')}
    </MayButton>
  );
}
