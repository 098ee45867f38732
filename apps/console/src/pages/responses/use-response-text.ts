import type { AlertResponse } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

interface ResponseTexts {
  /** What was done, to what. */
  readonly what: (response: AlertResponse) => string;
  /** How it stands. */
  readonly state: (response: AlertResponse) => string;
  /** What became of it; empty while it is in effect. */
  readonly end: (response: AlertResponse) => string;
}

export function useResponseText(): ResponseTexts {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      what: ({ action, ip, setName }) => t(`responses.what.${action}`, { ip, set: setName }),
      state: ({ action, state }) =>
        t(action === 'ask-tenant' && state === 'active' ? 'responses.unanswered' : `responses.states.${state}`),
      end: ({ endedBy, endReason, answer }) => {
        if (endedBy === null) return '';
        if (answer !== null)
          return t('responses.answerOf', { by: endedBy, answer: t(`responses.answers.${answer}`), reason: endReason });
        return endReason === null
          ? t('responses.endedByTime')
          : t('responses.endedBy', { by: endedBy, reason: endReason });
      },
    }),
    [t],
  );
}
