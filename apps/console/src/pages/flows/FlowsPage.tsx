import type { Flow } from '@hypervigil/model';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flowQueryOf } from '../../data/flow-filter.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FlowDetail } from './FlowDetail.tsx';
import { FlowChips, FlowFilters } from './FlowFilters.tsx';
import { FlowHistogram } from './FlowHistogram.tsx';
import { FlowTable } from './FlowTable.tsx';

export function FlowsPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const [open, setOpen] = useState<Flow>();
  const close = useCallback(() => setOpen(undefined), []);
  const query = useMemo(() => flowQueryOf(url), [url]);
  return (
    <PageFrame fill title={t('flows.title')} subtitle={t('flows.question')}>
      <DrawerLayout
        open={open !== undefined}
        title={t('flows.detail')}
        label={t('common.details')}
        onClose={close}
        panel={open !== undefined && <FlowDetail flow={open} />}
      >
        <FlowTable
          query={query}
          toolbar={<FlowFilters />}
          chips={<FlowChips />}
          between={<FlowHistogram query={query} onBrush={(from, to) => patch({ from, to })} />}
          activeId={open?.id}
          onActivate={(flow) => setOpen(flow.id === open?.id ? undefined : flow)}
        />
      </DrawerLayout>
    </PageFrame>
  );
}
