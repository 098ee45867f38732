import type { AlertResponse, ResponseStep } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { AllowIcon, OffIcon, PendingIcon, ShieldIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useCommonColumns } from '../../ui/use-common-columns.tsx';
import { AlertVm } from '../alerts/AlertVm.tsx';
import { useAlertText } from '../alerts/use-alert-text.ts';
import type { AskedStep } from './StepDialog.tsx';
import { useResponseText } from './use-response-text.ts';
import { useWhyNot } from './use-why-not.ts';

const STEPS: readonly ResponseStep[] = ['answer', 'approve', 'decline', 'undo'];
const LOOK = {
  waiting: { tone: 'blue', icon: PendingIcon },
  declined: { tone: 'grey', icon: OffIcon },
  lapsed: { tone: 'grey', icon: OffIcon },
  active: { tone: 'orange', icon: ShieldIcon },
  answered: { tone: 'green', icon: AllowIcon },
  undone: { tone: 'grey', icon: AllowIcon },
  overtaken: { tone: 'grey', icon: OffIcon },
} as const;

/** @param ask what happens when somebody wants something done with one */
export function useResponseColumns(ask: (asked: AskedStep) => void): readonly Column<AlertResponse>[] {
  const { t } = useTranslation();
  const common = useCommonColumns();
  const alertText = useAlertText();
  const responseText = useResponseText();
  const whyNot = useWhyNot();
  return useMemo(() => {
    return [
      {
        ...{ id: 'state', header: t('common.state'), width: 170 },
        text: responseText.state,
        cell: (response) => <Status {...LOOK[response.state]}>{responseText.state(response)}</Status>,
      },
      common.text('what', { header: t('responses.one'), width: 150 }, responseText.what),
      {
        ...{ id: 'alert', header: t('alerts.what'), width: 110, from: 'md' },
        text: ({ code }) => alertText.title(code),
        cell: ({ alertId, code }) =>
          alertId === null ? (
            alertText.title(code)
          ) : (
            <Link to="/alerts/$id" params={{ id: alertId }}>
              {alertText.title(code)}
            </Link>
          ),
      },
      {
        ...{ id: 'vm', header: t('alerts.vm'), width: 110, from: 'md' },
        text: ({ vmName }) => vmName,
        cell: (response) => <AlertVm alert={response} />,
      },
      common.text('reason', { header: t('responses.reason'), width: 160, from: 'xl' }, ({ reason }) => reason),
      common.text('by', { header: t('responses.by'), width: 100, from: 'md' }, ({ doneBy }) => doneBy),
      common.time('at', { header: t('responses.at'), width: 100, from: 'md' }, ({ doneAt }) => doneAt),
      {
        ...{ id: 'until', header: t('responses.until'), width: 120, from: 'md' },
        text: ({ until, waitsUntil }) => until ?? waitsUntil ?? '',
        cell: ({ until, waitsUntil, state, action }) =>
          until === null && state === 'active' ? (
            t(action === 'ask-tenant' ? 'responses.openQuestion' : 'responses.open')
          ) : (
            <RelativeTime at={until ?? waitsUntil} />
          ),
      },
      common.text('ended', { header: t('responses.ended'), width: 150, from: 'xl' }, responseText.end),
      common.actions((response) => (
        <ActionMenu
          inGrid
          label={`${t('common.actions')}: ${responseText.what(response)}`}
          permission="alert:respond"
          subject={response}
          actions={STEPS.filter((step) => step !== 'answer' || response.action === 'ask-tenant').map((step) => ({
            label: t(`responses.${step}`),
            ...(step === 'answer' && { permission: 'alert:write' as const }),
            onSelect: () => ask({ response, step }),
            disabledReason: whyNot(step, response),
          }))}
        />
      )),
    ];
  }, [t, common, alertText, responseText, ask, whyNot]);
}
