import { alertText, alertTitle, languageOf } from '@hypervigil/contract';
import type { Alert, AlertCode } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

interface AlertTexts {
  readonly title: (code: AlertCode) => string;
  readonly of: (alert: Alert) => ReturnType<typeof alertText>;
}

/** Alerts in the reader's language. */
export function useAlertText(): AlertTexts {
  const language = languageOf(useTranslation().i18n.language);
  return useMemo(
    () => ({ title: (code) => alertTitle(language, code), of: (alert) => alertText(language, alert) }),
    [language],
  );
}
