import type { IncidentDetail } from '@hypervigil/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { AssignDialog } from '../alerts/AssignDialog.tsx';
import { CloseDialog } from '../alerts/CloseDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { SplitDialog } from './SplitDialog.tsx';

/** What can be done with an incident now; the rest says why not. */
export function IncidentActions({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'close' | 'assign' | 'merge' | 'split'>();
  const request = { params: { id: incident.id } };
  const stop = () => setAsking(undefined);
  const onOpen = {
    permission: 'alert:write' as const,
    disabledReason: incident.open === 0 ? t('incidents.nothingOpen') : undefined,
  };
  return (
    <>
      <MayButton permission="alert:arrange" variant="secondary" onClick={() => setAsking('merge')}>
        {t('incidents.merge')}
      </MayButton>
      <MayButton
        permission="alert:arrange"
        variant="secondary"
        disabledReason={incident.alerts < 2 ? t('incidents.splitNone') : undefined}
        onClick={() => setAsking('split')}
      >
        {t('incidents.split')}
      </MayButton>
      <MayButton {...onOpen} variant="secondary" onClick={() => setAsking('assign')}>
        {t('alerts.assign')}
      </MayButton>
      <MayButton {...onOpen} variant="primary" onClick={() => setAsking('close')}>
        {t('incidents.close')}
      </MayButton>
      {asking === 'merge' && <MergeDialog incident={incident} onClose={stop} />}
      {asking === 'split' && <SplitDialog incident={incident} onClose={stop} />}
      {asking === 'assign' && (
        <AssignDialog
          title={t('incidents.assignTitle')}
          assignee={incident.assignees[0] ?? null}
          collection="incidents"
          assign={(body) => platform.assignIncident({ ...request, body })}
          onClose={stop}
        />
      )}
      {asking === 'close' && (
        <CloseDialog
          title={t('incidents.close')}
          help={t('incidents.closeHelp')}
          done={t('incidents.closed')}
          collection="incidents"
          close={(body) => platform.closeIncident({ ...request, body })}
          onClose={stop}
        />
      )}
    </>
  );
}
