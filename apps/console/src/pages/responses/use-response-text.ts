import type { AlertResponse } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

interface ResponseTexts {
  /** What was done, to what. */
  readonly what: (response: AlertResponse) => string;
  /** What became of it; empty while it is in effect. */
  readonly end: (response: AlertResponse) => string;
}

export function useResponseText(): ResponseTexts {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      what: ({ action, ip, setName }) => t(`responses.what.${action}`, { ip, set: setName }),
      end: ({ endedBy, endReason }) => {
        if (endedBy === null) return '';
        return endReason === null
          ? t('responses.endedByTime')
          : t('responses.endedBy', { by: endedBy, reason: endReason });
      },
    }),
    [t],
  );
}
