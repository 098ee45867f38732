import './behaviour.css';
import { BEHAVIOUR_MEASURES } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { vmBehaviourOptions } from '../../../data/queries.ts';
import { ListFrame } from '../../../ui/ListFrame.tsx';
import { RelativeTime } from '../../../ui/RelativeTime.tsx';
import { TabLinks } from '../../../ui/TabLinks.tsx';
import { useUrl } from '../../../ui/use-url.ts';
import { LearningPanel } from './LearningPanel.tsx';
import { MeasurePanels } from './MeasurePanels.tsx';
import { SetPanel } from './SetPanel.tsx';

/** What do detectors take for normal of this VM, what does it do now, and from what on do they say so? */
export function VmBehaviour({ vmId }: { readonly vmId: string }) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const { data, isPending, error, refetch } = useQuery(vmBehaviourOptions(vmId));
  const measure = BEHAVIOUR_MEASURES.find((one) => one === url['measure']) ?? 'sent';
  const one = data?.measures.find((some) => some.measure === measure);
  return (
    <ListFrame loading={isPending} error={error} retry={() => void refetch()} empty={false}>
      {data !== undefined && (
        <div className="hv-stack">
          <p className="hv-muted">
            {data.seenAt === null ? (
              t('behaviour.nothing')
            ) : (
              <>
                {t('behaviour.source')} · <RelativeTime at={data.seenAt} />
              </>
            )}
          </p>
          <TabLinks
            label={t('behaviour.measure')}
            current={measure}
            tabs={BEHAVIOUR_MEASURES.map((id) => ({ id, name: t(`behaviour.measures.${id}`) }))}
            onChoose={(id) => patch({ measure: id === 'sent' ? undefined : id })}
          />
          {one !== undefined && <MeasurePanels one={one} />}
          <LearningPanel learning={data.learning} />
          {data.set.length > 0 && <SetPanel set={data.set} />}
        </div>
      )}
    </ListFrame>
  );
}
