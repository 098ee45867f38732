import { type AlertResponse, type ResponseStep, responseCan } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionOptions } from '../../data/queries.ts';

const WHY = {
  answer: 'responses.notAsked',
  approve: 'responses.notWaiting',
  decline: 'responses.notWaiting',
  undo: 'responses.notActive',
} as const;

/** Why a step cannot be taken now, or not by the reader, whatever rights they have. */
export function useWhyNot(): (step: ResponseStep, response: AlertResponse) => string | undefined {
  const { t } = useTranslation();
  const user = useQuery(sessionOptions).data?.user;
  return useCallback(
    (step, response) => {
      if (!responseCan(step, response)) return t(WHY[step]);
      if (step === 'approve' && response.playbookBy === user?.name) return t('responses.ownPlaybook');
      const isAsked = user !== undefined && user.tenantId !== null && user.tenantId === response.tenantId;
      return step === 'answer' && !isAsked ? t('responses.onlyTenant') : undefined;
    },
    [t, user],
  );
}
