import './reach.css';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useReach } from '../../data/analysis.ts';
import { questionOf } from '../../data/question.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { ReachIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { PathPicture } from './PathPicture.tsx';
import { QuestionForm } from './QuestionForm.tsx';
import { ReachTable } from './ReachTable.tsx';
import { ReachVerdict } from './ReachVerdict.tsx';

/** Why can, or can't, A reach B? */
export function ReachPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const question = questionOf(url);
  const answer = useReach(question);
  const verdict = url['verdict'];
  const parts = useMemo(
    () => (answer.data?.items ?? []).filter((part) => verdict === undefined || part.verdict === verdict),
    [answer.data, verdict],
  );
  const chosen = Math.min(Math.max(0, Number(url['part'] ?? 0) || 0), parts.length - 1);
  const part = parts[chosen];
  return (
    <PageFrame title={t('reach.title')} subtitle={t('reach.question')}>
      <QuestionForm
        key={JSON.stringify(question)}
        asked={question}
        error={answer.error}
        onAsk={(asked) => patch({ ...asked, part: undefined, verdict: undefined })}
      />
      {question === undefined ? (
        <EmptyTeach icon={ReachIcon} title={t('reach.empty')} help={t('reach.emptyHelp')} />
      ) : (
        <ListFrame
          loading={answer.isPending}
          error={answer.error}
          retry={() => void answer.refetch()}
          empty={
            answer.data?.items.length === 0 && (
              <EmptyTeach icon={ReachIcon} title={t('reach.nothing')} help={t('reach.nothingHelp')} />
            )
          }
        >
          {answer.data !== undefined && <ReachVerdict parts={answer.data.items} />}
          {part !== undefined && <PathPicture part={part} />}
          <Panel
            flush
            title={t('reach.parts')}
            className="hv-below"
            actions={
              <div className="hv-row">
                <span className="hv-count" aria-live="polite">
                  {t('table.filtered', { count: parts.length, total: answer.data?.items.length ?? 0 })}
                </span>
                <FilterSelect
                  label={t('reach.verdict')}
                  value={verdict}
                  choices={(['allow', 'deny'] as const).map((value) => ({
                    value,
                    label: t(`flows.verdicts.${value}`),
                  }))}
                  onChange={(value) => patch({ verdict: value, part: undefined })}
                />
              </div>
            }
          >
            <ReachTable parts={parts} chosen={chosen} onChoose={(index) => patch({ part: String(index) })} />
            {answer.data?.more === true && <p className="hv-nothing">{t('reach.more')}</p>}
          </Panel>
        </ListFrame>
      )}
    </PageFrame>
  );
}
