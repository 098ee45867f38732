import type { AlertDetail } from '@hypervigil/contract';
import { type AlertAction, alertCan } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { AssignDialog } from './AssignDialog.tsx';
import { CloseDialog } from './CloseDialog.tsx';

/** What can be done with an alert now; the rest says why not. */
export function AlertActions({ alert }: { readonly alert: AlertDetail }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [asking, setAsking] = useState<'close' | 'assign'>();
  const request = { params: { id: alert.id } };
  const act = useSave(
    'alerts',
    (action: 'triage' | 'start') =>
      action === 'triage' ? platform.triageAlert(request) : platform.startAlert(request),
    () => undefined,
  );
  const common = (action: AlertAction) => ({
    permission: 'alert:write' as const,
    subject: alert,
    disabledReason: alertCan(action, alert.state)
      ? undefined
      : t('alerts.notNow', { state: t(`alerts.states.${alert.state}`) }),
  });
  const run = (action: 'triage' | 'start') => act.mutate(action, { onError: toasts.failed });
  const stop = () => setAsking(undefined);
  return (
    <>
      <MayButton {...common('triage')} variant="secondary" onClick={() => run('triage')}>
        {t('alerts.triage')}
      </MayButton>
      <MayButton {...common('start')} variant="secondary" onClick={() => run('start')}>
        {t('alerts.start')}
      </MayButton>
      <MayButton {...common('assign')} variant="secondary" onClick={() => setAsking('assign')}>
        {t('alerts.assign')}
      </MayButton>
      <MayButton {...common('close')} variant="primary" onClick={() => setAsking('close')}>
        {t('alerts.close')}
      </MayButton>
      {asking === 'close' && (
        <CloseDialog
          title={t('alerts.close')}
          help={t('alerts.resolutionHelp')}
          done={t('alerts.closed')}
          collection="alerts"
          close={(body) => platform.closeAlert({ ...request, body })}
          onClose={stop}
        />
      )}
      {asking === 'assign' && (
        <AssignDialog
          title={t('alerts.assignTitle')}
          assignee={alert.assignee}
          collection="alerts"
          assign={(body) => platform.assignAlert({ ...request, body })}
          onClose={stop}
        />
      )}
    </>
  );
}
