import type { DraftPolicy } from '@hypervigil/contract';
import { TIERS } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFindings } from '../../data/analysis.ts';
import { useCollection } from '../../data/queries.ts';
import { useDenial, useOwnTenant } from '../../data/rights.ts';
import { DrawerLayout } from '../../ui/DrawerLayout.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { PolicyIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { UrlDialog } from '../../ui/UrlDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { DraftBar } from './DraftBar.tsx';
import { FindingsButton } from './FindingsButton.tsx';
import { FindingsPanel } from './FindingsPanel.tsx';
import { PolicyDialog } from './PolicyDialog.tsx';
import { RuleWorkspace } from './RuleWorkspace.tsx';

/** What may talk to what, in which order it is decided, and what would my change do? */
export function PolicyPage() {
  const { t } = useTranslation();
  const policies = useCollection('policies');
  const [url, patch] = useUrl();
  const tenantId = useOwnTenant();
  const tier = TIERS.find((one) => one === url['tier']) ?? 'tenant';
  const mayAnalyse = useDenial('policy:analyse') === undefined;
  const findings = useFindings(policies.loading ? Number.POSITIVE_INFINITY : rulesIn(policies.items));
  const closeFindings = useCallback(() => patch({ findings: undefined }), [patch]);
  const add = (
    <MayButton permission="policy:write" onClick={() => patch({ do: 'create', tier: undefined })}>
      {t('policy.addPolicy')}
    </MayButton>
  );
  return (
    <PageFrame
      fill
      title={t('policy.title')}
      subtitle={t('policy.question')}
      actions={
        policies.items.length > 0 && (
          <>
            {mayAnalyse && <FindingsButton findings={findings} />}
            {add}
          </>
        )
      }
    >
      <DraftBar />
      <ListFrame
        {...policies}
        empty={
          policies.items.length === 0 && (
            <EmptyTeach icon={PolicyIcon} title={t('policy.empty')} help={t('policy.emptyHelp')} action={add} />
          )
        }
      >
        <DrawerLayout
          open={mayAnalyse && url['findings'] !== undefined}
          title={t('findings.title')}
          label={t('findings.title')}
          onClose={closeFindings}
          panel={<FindingsPanel findings={findings} />}
        >
          <RuleWorkspace policies={policies.items} findings={findings} />
        </DrawerLayout>
      </ListFrame>
      <UrlDialog asked="create" permission="policy:write" subject={{ tenantId, tier }}>
        {(close) => (
          <PolicyDialog
            policy={undefined}
            tier={tier}
            onClose={close}
            onSaved={(id) => patch({ do: undefined, id, rule: undefined })}
          />
        )}
      </UrlDialog>
    </PageFrame>
  );
}

const rulesIn = (policies: readonly DraftPolicy[]) => policies.reduce((sum, { rules }) => sum + rules.length, 0);
