import type { Flow } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { flowQueryOf } from '../../data/flow-filter.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { May } from '../../ui/May.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FlowDetail } from './FlowDetail.tsx';
import { FlowChips, FlowChoices } from './FlowFilters.tsx';
import { FlowHistogram } from './FlowHistogram.tsx';
import { FlowQueryBox } from './FlowQueryBox.tsx';
import { FlowTable } from './FlowTable.tsx';
import { FlowViews } from './FlowViews.tsx';
import { TopFlows } from './TopFlows.tsx';

export function FlowsPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const [open, setOpen] = useState<Flow>();
  const close = useCallback(() => setOpen(undefined), []);
  const query = useMemo(() => flowQueryOf(url), [url]);
  return (
    <PageFrame fill title={t('flows.title')} subtitle={t('flows.question')} actions={<FlowsActions />}>
      <DrawerLayout
        open={open !== undefined}
        title={t('flows.detail')}
        label={t('common.details')}
        onClose={close}
        panel={open !== undefined && <FlowDetail flow={open} />}
      >
        <FlowTable
          query={query}
          above={<FlowQueryBox query={query} />}
          toolbar={<FlowChoices />}
          chips={<FlowChips except={['filter']} />}
          between={
            <div className="hv-flow-summary">
              <FlowHistogram query={query} height={150} onBrush={(from, to) => patch({ from, to })} />
              <TopFlows query={query} />
            </div>
          }
          activeId={open?.id}
          onActivate={(flow) => setOpen(flow.id === open?.id ? undefined : flow)}
        />
      </DrawerLayout>
    </PageFrame>
  );
}

function FlowsActions() {
  const { t } = useTranslation();
  return (
    <>
      <May permission="host:read">
        <Link to="/flows/health">{t('flowHealth.open')}</Link>
      </May>
      <FlowViews />
    </>
  );
}
